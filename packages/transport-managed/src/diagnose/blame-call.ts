import type { GeminateError } from '@geminate/core'
import { blameAnswer } from './blame-answer.ts'
import { blameToken } from './blame-token.ts'
import { blameWay } from './blame-way.ts'
import type { Asked, Blame, Check } from './diagnosis.ts'

/** What the reasons of `config` errors are about, that are told by the first call only. */
const CONFIG: Record<string, Check> = {
  NO_PROJECT: 'project',
  BAD_PROJECT: 'project',
  BARE_MODEL_ID: 'model',
  BAD_TOKEN: 'token',
}

/** What is to blame for a probe's error; undefined where the probe came as far as it should. */
export function blameCall(error: GeminateError, asked: Asked): Blame | undefined {
  const { code, reason = '', status, message } = error
  if (code === 'config') return { check: CONFIG[reason] ?? 'options', says: message }
  if (code === 'auth' && status === undefined) return blameToken(error)
  const blame = blameWay(error, asked) ?? blameAnswer(error, asked)
  if (blame || (code === 'http' && status === 400)) return blame
  return { check: 'host', says: message }
}
