import type { ByteScript } from './byte-script.ts'
import { MS_RULE, checkFields, wholeRule, wordRule, wrongBy } from './check-fields.ts'
import type { Rule } from './check-fields.ts'

const wrong = wrongBy('BAD_SCRIPT')
const DEEDS = ['fin', 'reset', 'stall', 'stop-reading', 'read-on']

/** The fields that each kind of step may have, by the one that makes it that kind. */
const KINDS: Record<string, Record<string, Rule>> = {
  at: { at: wordRule('connect', 'head', 'request') },
  write: {
    write: { fits: isBytes, says: 'text, a Uint8Array or { base64 }', required: true },
    sliceBytes: wholeRule(1),
    everyMs: MS_RULE,
    times: wholeRule(1),
  },
  wait: { wait: { fits: (value) => typeof value === 'string' && value !== '', says: 'the name of a gate' } },
  waitMs: { waitMs: MS_RULE },
  receive: {
    receive: {
      fits: (value) => value === 'request' || wholeRule(1).fits(value),
      says: 'request or a whole number from 1',
    },
  },
  call: { call: { fits: (value) => typeof value === 'function', says: 'a function' } },
}

const CHOICE = `must be one of ${DEEDS.join(', ')}, or an object with ${Object.keys(KINDS).join(', ')}`

/**
 * Holds a script against its type, and against what makes no sense.
 *
 * @param name Stands at the head of the message.
 * @throws GeminateError `config`, `BAD_SCRIPT`: it names the step, by its number from 1, and says what is wrong.
 */
export function checkScript(script: unknown, name: string = 'The script'): asserts script is ByteScript {
  if (!Array.isArray(script)) throw wrong(name, 'must be a list of steps')
  let end: unknown
  for (const [at, step] of (script as unknown[]).entries()) {
    const where = `${name}, step ${at + 1},`
    const kind = kindOf(step, where)
    if (kind === 'at' && at > 0) throw wrong(where, 'must stand first, for it says when to begin')
    if (end === 'reset' || end === 'stall') throw wrong(where, `never happens: take it away, or the ${end} before it`)
    if (end === 'fin' && kind === 'write') throw wrong(where, 'writes behind fin: put it before')
    if (kind === 'fin' || kind === 'reset' || kind === 'stall') end = kind
  }
}

/** The name of a step that is right by itself. */
function kindOf(step: unknown, where: string): string {
  if (typeof step === 'string') {
    if (DEEDS.includes(step)) return step
    throw wrong(where, `${CHOICE}; text is sent with { write }`)
  }
  const fields = typeof step === 'object' && step !== null ? Object.keys(step) : []
  const kind = Object.keys(KINDS).find((name) => fields.includes(name))
  if (kind === undefined) throw wrong(where, CHOICE)
  checkFields(step, KINDS[kind] ?? {}, where, wrong)
  return kind
}

function isBytes(value: unknown): boolean {
  if (typeof value === 'string' || value instanceof Uint8Array) return true
  if (typeof value !== 'object' || value === null || Object.keys(value).join() !== 'base64') return false
  const { base64 } = value as { base64: unknown }
  return typeof base64 === 'string' && base64.length % 4 === 0 && /^[A-Za-z\d+/]*={0,2}$/.test(base64)
}
