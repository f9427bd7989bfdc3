const LF = 10
const CR = 13
const SPACE = 32
const TAB = 9
const DATA = Array.from('data:', (letter) => letter.charCodeAt(0))

/** The line has shown that it is no data line, or none that is not blank yet: its first characters that fit. */
const OTHER = -1
/** All of `data:` has come. */
const NAMED = DATA.length
/** And something that is no blank. */
const FILLED = NAMED + 1

/**
 * Tells of each piece of an event stream whether it carries data: a part of a `data:` line that is not blank. Comments,
 * pings and other fields do not. Pieces may be cut anywhere, also in mid-line. Reads no further than it must.
 */
export function createDataFinder(): (piece: Uint8Array) => boolean {
  /** What is known of the line that has not ended yet. */
  let line = 0

  return (piece) => {
    const end = lineStart(piece)
    let found = false
    for (let from = 0; from < piece.length; from = nextLine(piece, from)) {
      const state = advance(from === 0 ? line : 0, piece, from)
      if (state === FILLED) {
        found = true
        break
      }
    }
    if (piece.length > 0) line = end === 0 ? advance(line, piece, 0) : advance(0, piece, end)
    return found
  }
}

/** What is known of a line after more of it. */
function advance(line: number, piece: Uint8Array, from: number): number {
  if (line === OTHER || line === FILLED) return line
  for (let at = from; at < piece.length; at += 1) {
    const byte = piece[at] as number
    if (byte === LF || byte === CR) return line
    if (line === NAMED) {
      if (byte !== SPACE && byte !== TAB) return FILLED
    } else if (byte === DATA[line]) line += 1
    else return OTHER
  }
  return line
}

/** Where the last line of a piece begins; 0 where the piece ends no line. */
function lineStart(piece: Uint8Array): number {
  const lf = piece.lastIndexOf(LF)
  // Nearly all lines end in LF: a search for CR through the whole piece would cost more than all the rest.
  return Math.max(lf, piece.subarray(lf + 1).lastIndexOf(CR) + lf + 1) + 1
}

/** Where the next line begins, or the piece's end. */
function nextLine(piece: Uint8Array, from: number): number {
  const lf = piece.indexOf(LF, from)
  const cr = piece.indexOf(CR, from)
  const end = lf === -1 || (cr !== -1 && cr < lf) ? cr : lf
  return end === -1 ? piece.length : end + 1
}
