import { MS_RULE, checkFields, wholeRule, wordRule, wrongBy } from './check-fields.ts'
import type { Rule } from './check-fields.ts'
import type { Schedule } from './schedule.ts'

const wrong = wrongBy('BAD_SCHEDULE')
const FLAG: Rule = { fits: (value) => typeof value === 'boolean', says: 'true or false' }
/** What has fields of its own is looked at by itself. */
const FIELDS: Rule = { fits: () => true, says: 'an object' }

const TOXICS: Record<string, Rule> = {
  latencyMs: MS_RULE,
  jitterMs: MS_RULE,
  bytesPerSecond: wholeRule(1),
  sliceBytes: wholeRule(1),
  cut: FIELDS,
  halfOpen: FLAG,
}

const CONNECTION: Record<string, Rule> = {
  ...TOXICS,
  handshake: wordRule('reset', 'stall'),
  duplicate: FLAG,
  flip: FIELDS,
  request: FIELDS,
}

const CUT: Record<string, Rule> = {
  after: { ...wholeRule(0), required: true },
  by: { ...wordRule('fin', 'reset', 'stall'), required: true },
}

const FLIP: Record<string, Rule> = {
  chunk: { ...wholeRule(0), required: true },
  bit: { ...wholeRule(0, 7), required: true },
}

const SCHEDULE: Record<string, Rule> = {
  seed: { ...wholeRule(0, 2 ** 32 - 1), required: true },
  connections: { fits: Array.isArray, says: 'a list', required: true },
}

/**
 * Holds a schedule against its type.
 *
 * @throws GeminateError `config`, `BAD_SCHEDULE`: it names the connection, by its number from 0, and says what is wrong.
 */
export function checkSchedule(schedule: unknown): asserts schedule is Schedule {
  checkFields(schedule, SCHEDULE, 'The schedule', wrong)
  for (const [number, toxics] of (schedule as Schedule).connections.entries()) {
    const where = `The schedule, connection ${number},`
    checkToxics(toxics, CONNECTION, where)
    const { flip, request } = toxics
    if (flip !== undefined) checkFields(flip, FLIP, `${where} flip,`, wrong)
    if (request !== undefined) checkToxics(request, TOXICS, `${where} request,`)
  }
}

function checkToxics(toxics: Schedule['connections'][number], rules: Record<string, Rule>, where: string): void {
  checkFields(toxics, rules, where, wrong)
  if (toxics.cut !== undefined) checkFields(toxics.cut, CUT, `${where} cut,`, wrong)
}
