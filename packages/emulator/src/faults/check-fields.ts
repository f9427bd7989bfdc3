import { GeminateError } from '@geminate/core'

/** What a field may be, and how that is said. */
export type Rule = { fits(value: unknown): boolean; says: string; required?: boolean }

/** Whole numbers from `min` to `max`. */
export function wholeRule(min: number, max: number = Number.MAX_SAFE_INTEGER): Rule {
  const fits = (value: unknown): boolean =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
  return { fits, says: `a whole number from ${min}${max === Number.MAX_SAFE_INTEGER ? '' : ` to ${max}`}` }
}

/** Milliseconds; parts of one too. */
export const MS_RULE: Rule = {
  fits: (value) => Number.isFinite(value) && (value as number) >= 0,
  says: 'a number from 0',
}

/** One of these words. */
export function wordRule(...words: string[]): Rule {
  return { fits: (value) => words.includes(value as string), says: `one of ${words.join(', ')}` }
}

/** An error about a script or a schedule: where it is wrong, and what is right. */
export type Wrong = (where: string, what: string) => GeminateError

/** Errors `config` with this reason. */
export function wrongBy(reason: string): Wrong {
  return (where, what) => new GeminateError(`${where} ${what}.`, { code: 'config', reason, phase: 'config' })
}

/** Holds an object's fields against their rules. Throws what `wrong` makes. */
export function checkFields(value: unknown, rules: Record<string, Rule>, where: string, wrong: Wrong): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(where, 'must be an object')
  const names = Object.keys(rules)
  const unknown = Object.keys(value).find((name) => !names.includes(name))
  if (unknown !== undefined) throw wrong(where, `has the unknown field ${unknown}; there are ${names.join(', ')}`)
  for (const [name, rule] of Object.entries(rules)) {
    const field = (value as Record<string, unknown>)[name]
    const fits = field === undefined ? !rule.required : rule.fits(field)
    if (!fits) throw wrong(where, `must have ${rule.says} as its ${name}`)
  }
}
