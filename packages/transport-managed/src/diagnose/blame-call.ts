import type { GeminateError } from '@geminate/core'
import { blameAnswer } from './blame-answer.ts'
import { blameToken } from './blame-token.ts'
import { blameWay } from './blame-way.ts'
import { LIST_MODELS, look, projectOf } from './commands.ts'
import type { Asked, Blame } from './diagnosis.ts'

/** What the reasons of `config` errors are about, where it is not the options, and what mends them. */
const CONFIG: Record<string, (isLocationGiven: boolean) => Omit<Blame, 'says'>> = {
  NO_PROJECT: () => ({ check: 'project', command: 'export GOOGLE_CLOUD_PROJECT=PROJECT' }),
  BAD_PROJECT: () => ({ check: 'project', command: 'gcloud projects list' }),
  BAD_LOCATION: (isLocationGiven) => ({
    check: 'options',
    command: isLocationGiven ? 'gcloud compute regions list' : 'export GOOGLE_CLOUD_LOCATION=global',
  }),
  BARE_MODEL_ID: () => ({ check: 'model', command: LIST_MODELS }),
  BAD_TOKEN: () => ({ check: 'token', command: 'gcloud auth print-access-token' }),
}

/** What is to blame for options that no call can be made with. */
export function blameConfig({ reason = '', message }: GeminateError, isLocationGiven: boolean): Blame {
  return { check: 'options', says: message, ...CONFIG[reason]?.(isLocationGiven) }
}

/** What is to blame for a probe's error. */
export function blameCall(error: GeminateError, asked: Asked): Blame {
  const { code, status, phase, reason, message } = error
  if (code === 'config') return blameConfig(error, asked.isLocationGiven)
  if (code === 'timeout' && reason === 'DEADLINE' && phase === 'auth') {
    const command = 'gcloud auth application-default print-access-token'
    return { check: 'token', says: 'No token came in time.', command }
  }
  if (code === 'timeout' && reason === 'DEADLINE' && phase === 'config') {
    const command = `export GOOGLE_CLOUD_PROJECT=${projectOf(asked)}`
    return { check: 'project', says: 'The project, or the host of the endpoint, was not found in time.', command }
  }
  if ((code === 'auth' && status === undefined) || (code === 'timeout' && phase === 'auth')) return blameToken(error)
  return blameAnswer(error, asked) ?? blameWay(error, asked) ?? { check: 'host', says: message, command: look(asked) }
}
