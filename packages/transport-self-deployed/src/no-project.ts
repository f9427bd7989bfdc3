import type { GeminateError } from '@geminate/core'
import { configError } from './config-error.ts'

/** No project was given, and none is known. */
export function noProject(remedy: string): GeminateError {
  return configError('NO_PROJECT', `No Google Cloud project is known. ${remedy}`)
}
