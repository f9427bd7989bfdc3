import { LAST_CHUNK, chunked } from '@geminate/emulator/faults'
import type { ByteScript, Step } from '@geminate/emulator/faults'
import type { Expected, FaultRow, RowGroup } from '../fault-row.ts'
import {
  COMPLETION,
  DONE,
  FINISH,
  FIRST,
  ONE,
  READ,
  SECOND,
  THIRD,
  TRUTH,
  TWO,
  plainHead,
  streamHead,
  thenGood,
} from '../wire.ts'
import { server } from './waits.ts'

/** How a connection ends under an answer that is framed by chunks. */
const ways: Record<'RST' | 'FIN' | 'a clean end', Step[]> = {
  RST: [READ, 'reset'],
  FIN: ['fin'],
  'a clean end': [{ write: LAST_CHUNK }],
}

const bytes = (text: string, cut: number): Uint8Array => new TextEncoder().encode(text).slice(0, cut)
/** In the two bytes of the ö. */
const inLetter = SECOND.indexOf('ö') + 1
const inJson = SECOND.indexOf('"delta"')

type Place = {
  where: string
  /** The whole events before the cut. */
  whole: string
  /** What of the next event came. */
  part?: Uint8Array
  /** What was delivered, where the end was no clean one. */
  text: string
  /** What differs after a clean end. */
  clean?: Partial<Expected>
}

const finished: Partial<Expected> = { outcome: 'complete', phase: undefined, warnings: ['no-done'], kept: 1 }

/** Where a stream is cut, after its first event has been delivered. */
const places: Place[] = [
  { where: 'between two events', whole: FIRST + SECOND, text: TWO },
  { where: 'in the name of a field', whole: FIRST, part: bytes(SECOND, 3), text: ONE },
  { where: 'in the JSON of an event', whole: FIRST, part: bytes(SECOND, inJson), text: ONE },
  { where: 'in a letter of two bytes', whole: FIRST, part: bytes(SECOND, inLetter), text: ONE },
  {
    where: 'before the blank line of an event',
    whole: FIRST,
    part: bytes(SECOND, new TextEncoder().encode(SECOND).length - 1),
    text: ONE,
    // The JSON is whole: that it was not closed is told.
    clean: { text: TWO, warnings: ['unterminated-last-event'] },
  },
  { where: 'before the finish', whole: FIRST + SECOND + THIRD, text: TRUTH },
  { where: 'in the finish', whole: FIRST + SECOND + THIRD, part: bytes(FINISH, 40), text: TRUTH },
  { where: 'after the finish, before [DONE]', whole: FIRST + SECOND + THIRD + FINISH, text: TRUTH, clean: finished },
  {
    where: 'in [DONE]',
    whole: FIRST + SECOND + THIRD + FINISH,
    part: bytes(DONE, 9),
    text: TRUTH,
    clean: { ...finished, warnings: ['unterminated-last-event', 'no-done'] },
  },
  {
    where: 'behind [DONE], before its line end',
    whole: FIRST + SECOND + THIRD + FINISH,
    part: bytes(DONE, 12),
    text: TRUTH,
    clean: { ...finished, warnings: ['unterminated-last-event'] },
  },
]

function streamCut({ where, whole, part, text, clean }: Place, way: keyof typeof ways): FaultRow {
  const tail: Step[] = part ? [{ write: chunked(part) }] : []
  const isClean = way === 'a clean end'
  return {
    title: `a stream ends ${where}, by ${way}`,
    kinds: ['S'],
    answers: [[{ write: streamHead() + chunked(whole) }, ...tail, ...ways[way]]],
    expect: {
      outcome: 'truncated',
      phase: 'stream',
      text,
      kept: isClean ? 1 : 0,
      ...(isClean && clean),
    },
  }
}

const early: Expected = {
  outcome: 'truncated',
  phase: 'first-event',
  attempts: 3,
  connections: 3,
  waits: server(2),
  gaveUp: 'attempts',
}

/** Cut before anything was delivered: it is made again. */
function earlyCut(where: string, sent: string, way: keyof typeof ways): FaultRow {
  const isClean = way === 'a clean end'
  return {
    title: `a stream ends ${where}, by ${way}`,
    answers: [[{ write: streamHead() + (sent && chunked(sent)) }, ...ways[way]]],
    expect: { ...early, ...(isClean && { connections: 1, kept: 1 }) },
  }
}

const middle = COMPLETION.indexOf('"choices"') + 40

const bodies: [string, string][] = [
  ['before its first byte', ''],
  ['in the middle', COMPLETION.slice(0, middle)],
  ['before its last brace', COMPLETION.slice(0, -1)],
]

const cutBody = (phase: 'body' | 'first-event'): Expected => ({ ...early, phase })

function plainCut(where: string, sent: string, framing: 'length' | 'chunks', way: 'RST' | 'FIN'): FaultRow {
  const head = framing === 'length' ? { framing: { length: new TextEncoder().encode(COMPLETION).length } } : {}
  const body = framing === 'length' ? sent : sent && chunked(sent)
  const script: ByteScript = [{ write: plainHead(head) + body }, ...ways[way]]
  return {
    title: `a plain answer, framed by ${framing === 'length' ? 'its length' : 'chunks'}, ends ${where}, by ${way}`,
    kinds: ['N'],
    answers: [script],
    expect: cutBody(sent === '' ? 'first-event' : 'body'),
  }
}

export const cuts: RowGroup = {
  title: 'Cut answers',
  rows: [
    ...(['RST', 'FIN', 'a clean end'] as const).flatMap((way) => [
      earlyCut('before its first byte', '', way),
      earlyCut('after comments only', ': thinking\n\n', way),
      earlyCut('in its first event', FIRST.slice(0, 30), way),
    ]),
    ...places.flatMap((place) => (['RST', 'FIN', 'a clean end'] as const).map((way) => streamCut(place, way))),
    {
      title: 'a stream is reset behind [DONE]',
      kinds: ['S'],
      answers: [[{ write: streamHead() + chunked(FIRST + SECOND + THIRD + FINISH + DONE) }, READ, 'reset']],
      expect: { outcome: 'complete' },
    },
    {
      title: 'a stream ends behind [DONE], by FIN without its last chunk',
      kinds: ['S'],
      answers: [[{ write: streamHead() + chunked(FIRST + SECOND + THIRD + FINISH + DONE) }, 'fin']],
      expect: { outcome: 'complete' },
    },
    {
      title: 'a stream is reset in its first event once, and then all is well',
      answers: thenGood([{ write: streamHead() + chunked(FIRST.slice(0, 30)) }, READ, 'reset']),
      expect: { outcome: 'complete', attempts: 2, waits: server(1), kept: 1 },
    },
    ...(['length', 'chunks'] as const).flatMap((framing) =>
      (['RST', 'FIN'] as const).flatMap((way) => [
        ...bodies.map(([where, sent]) => plainCut(where, sent, framing, way)),
        ...(framing === 'chunks' ? [plainCut('before its last chunk', COMPLETION, framing, way)] : []),
      ]),
    ),
    {
      title: 'a plain answer is reset in the middle once, and then all is well',
      kinds: ['N'],
      answers: thenGood([{ write: plainHead() + chunked(COMPLETION.slice(0, middle)) }, READ, 'reset']),
      expect: { outcome: 'complete', attempts: 2, waits: server(1), kept: 1 },
    },
    ...bodies.slice(1).map(([where, sent]): FaultRow => ({
      title: `a plain answer ends ${where}, by a clean end`,
      kinds: ['N'],
      answers: [[{ write: plainHead() + chunked(sent) + LAST_CHUNK }]],
      expect: { outcome: 'protocol/BAD_JSON', phase: 'body', status: 200, kept: 1 },
    })),
  ],
}
