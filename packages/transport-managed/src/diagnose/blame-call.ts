import type { GeminateError } from '@geminate/core'
import { blameAnswer, blameRefusal } from './blame-answer.ts'
import { blameToken } from './blame-token.ts'
import { blameWay } from './blame-way.ts'
import { LIST_MODELS, LIST_STUDIO_MODELS, projectWord } from './commands.ts'
import type { Asked, Blame, Credential } from './diagnosis.ts'

type Known = Pick<Asked, 'isLocationGiven' | 'credential'>

/** What the reasons of `config` errors are about, where it is not the options, and what mends them. */
const CONFIG: Record<string, (known: Known) => Omit<Blame, 'says'>> = {
  NO_PROJECT: () => ({ check: 'project', command: 'export GOOGLE_CLOUD_PROJECT=PROJECT' }),
  BAD_PROJECT: () => ({ check: 'project', command: 'gcloud projects list' }),
  BAD_LOCATION: ({ isLocationGiven }) => ({
    check: 'options',
    command: isLocationGiven ? 'gcloud compute regions list' : 'export GOOGLE_CLOUD_LOCATION=global',
  }),
  BARE_MODEL_ID: () => ({ check: 'model', command: LIST_MODELS }),
  PREFIXED_MODEL_ID: () => ({ check: 'model', command: LIST_STUDIO_MODELS }),
  BAD_TOKEN: ({ credential }) => ({
    check: 'token',
    ...(credential === 'token' && { command: 'gcloud auth print-access-token' }),
  }),
}

/** What is to blame for options that no call can be made with. */
export function blameConfig({ reason = '', message }: GeminateError, known: Known): Blame {
  return { check: 'options', says: message, ...CONFIG[reason]?.(known) }
}

const LATE_PLACE =
  'The project, or the host of the endpoint, was not found in time. Name the project, and give the `host` itself.'

/** Credentials that gcloud cannot be asked to try. */
const NOT_OF_GCLOUD: (Credential | undefined)[] = ['source', undefined]

/** What is to blame for a probe's error. */
export function blameCall(error: GeminateError, asked: Asked): Blame {
  const { code, status, phase, reason } = error
  if (code === 'config') return blameConfig(error, asked)
  if (code === 'timeout' && reason === 'DEADLINE' && phase === 'auth') {
    const says = 'No token came in time.'
    if (NOT_OF_GCLOUD.includes(asked.credential)) return { check: 'token', says }
    return { check: 'token', says, command: 'gcloud auth application-default print-access-token' }
  }
  if (code === 'timeout' && reason === 'DEADLINE' && phase === 'config') {
    if (asked.surface === 'self-deployed') return { check: 'host', says: LATE_PLACE }
    const command = `export GOOGLE_CLOUD_PROJECT=${projectWord(asked.project)}`
    return { check: 'project', says: 'The project was not found in time.', command }
  }
  if ((code === 'auth' && status === undefined) || (code === 'timeout' && phase === 'auth')) return blameToken(error)
  return blameAnswer(error, asked) ?? blameWay(error, asked) ?? blameRefusal(error)
}
