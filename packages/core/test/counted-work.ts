type Text = { readonly length: number }
type Cost = (subject: Text, result: unknown, args: readonly unknown[]) => number

/** What searches touch: from where they begin to where they found it, or to the end. */
function searched(subject: Text, result: unknown, [, from = 0]: readonly unknown[]): number {
  return (typeof result === 'number' && result >= 0 ? result + 1 : subject.length) - Number(from)
}

const whole: Cost = (subject) => subject.length
const found: Cost = (_, result) => (result as Text).length
const argument: Cost = (_subject, _result, [text]) => (text as Text | undefined)?.length ?? 0

/** The functions that go over text, and how many characters (or bytes) they touch. */
const watched: [holder: object, name: string, cost: Cost][] = [
  [String.prototype, 'indexOf', searched],
  [String.prototype, 'lastIndexOf', whole],
  [String.prototype, 'includes', whole],
  [String.prototype, 'startsWith', argument],
  // Text that was put together by appending is copied as a whole where its end is looked at.
  [String.prototype, 'endsWith', whole],
  [String.prototype, 'slice', found],
  [String.prototype, 'substring', found],
  [String.prototype, 'trim', whole],
  [String.prototype, 'trimStart', whole],
  [String.prototype, 'trimEnd', whole],
  [String.prototype, 'split', whole],
  [String.prototype, 'replace', whole],
  [String.prototype, 'replaceAll', whole],
  [TextDecoder.prototype, 'decode', argument],
  [TextEncoder.prototype, 'encode', argument],
  [JSON, 'parse', argument],
  [JSON, 'stringify', (_, result) => (result as Text | undefined)?.length ?? 0],
]

/**
 * How many characters are gone over while this runs: what it costs on any machine, and in any mood of its clock. The
 * functions are watched for as long as that takes.
 */
export function countWork(run: () => void): number {
  let count = 0
  const originals = watched.map(([holder, name, cost]) => {
    const original = Object.getOwnPropertyDescriptor(holder, name) as PropertyDescriptor
    const call = original.value as (...args: unknown[]) => unknown
    function watching(this: Text, ...args: unknown[]): unknown {
      const result = call.apply(this, args)
      count += cost(this, result, args)
      return result
    }
    Object.defineProperty(holder, name, { ...original, value: watching })
    return { holder, name, original }
  })
  try {
    run()
  } finally {
    for (const { holder, name, original } of originals) Object.defineProperty(holder, name, original)
  }
  return count
}
