/** What becomes of a call: at the server, and by its caller. */
export type Kind = 'plain' | 'stream' | 'left' | 'aborted in the loop' | 'aborted at once' | 'refused' | 'cut' | 'reset'

/** How many of fifty calls are of that kind. */
const SHARES: Record<Kind, number> = {
  plain: 19,
  stream: 17,
  left: 4,
  'aborted in the loop': 4,
  'aborted at once': 2,
  refused: 2,
  cut: 1,
  reset: 1,
}

const kinds = (Object.keys(SHARES) as Kind[]).flatMap((kind) => Array.from({ length: SHARES[kind] }, () => kind))

/** The kind of a call by its number: the kinds come mixed, and each in its share. */
export function kindOf(number: number): Kind {
  return kinds[(number * 7) % kinds.length] as Kind
}
