import { configError } from './config-error.ts'

/** The key, if it can be sent. What is said of one that cannot repeats nothing of it. */
export function checkApiKey(key: string): string {
  if (typeof key === 'string' && /^[\u0021-\u007E]+$/.test(key)) return key
  throw configError('BAD_API_KEY', '`apiKey` is no key. Give the key alone: without blanks and line ends.')
}
