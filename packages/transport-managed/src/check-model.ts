import { configError } from './config-error.ts'

/** The endpoint answers 400 to a model id without a publisher: said here it costs no token and no round trip. */
export function checkModel(model: unknown): void {
  const id = typeof model === 'string' ? model : ''
  if (id.includes('/')) return
  const said = id === '' ? 'The request names no model.' : `The model id '${id.slice(0, 80)}' names no publisher.`
  const example = id === '' ? 'google/gemini-2.5-flash' : `google/${id.slice(0, 80)}`
  throw configError('BARE_MODEL_ID', `${said} Write it as '${example}'.`)
}
