import { chunked, LAST_CHUNK } from '@geminate/emulator/faults'
import type { FaultRow, Moment, RowGroup } from '../fault-row.ts'
import { ALL, COMPLETION, DONE, FINISH, FIRST, ONE, SECOND, THIRD, TRUTH, TWO, plainHead, streamHead } from '../wire.ts'
import { server } from './waits.ts'

const head = (...events: string[]): string => streamHead() + events.map((event) => chunked(event)).join('')

/** A stream that says no more after these events. */
function silent(title: string, sent: string, text: string): FaultRow {
  return {
    title,
    kinds: ['S'],
    answers: [[{ write: streamHead() + chunked(sent) }, 'stall']],
    moments: [{ when: { text }, act: { expire: 300_000 } }],
    expect: { outcome: 'timeout/IDLE', phase: 'stream', text, retryable: true },
  }
}

/** Comments come each 100 s; the limit strikes at the third. */
const comments: Moment[] = [1, 2].flatMap((at): Moment[] => [
  { when: { gate: `comment ${at}` }, act: { pass: 100_000 } },
  { when: { gate: `comment ${at}` }, act: { open: `comment ${at}` } },
])

export const limits: RowGroup = {
  title: 'Silence and limits',
  rows: [
    silent('silence between two events', FIRST, ONE),
    silent('silence in an event', FIRST + SECOND.slice(0, 20), ONE),
    silent('silence before the finish', FIRST + SECOND + THIRD, TRUTH),
    silent('silence after the finish', FIRST + SECOND + THIRD + FINISH, TRUTH),
    {
      title: 'comments and no data',
      kinds: ['S'],
      answers: [
        [
          { write: head(FIRST) },
          { wait: 'comment 1' },
          { write: chunked(': ka\n\n') },
          { wait: 'comment 2' },
          { write: chunked('event: ping\n\ndata:\n\n') },
          'stall',
        ],
      ],
      moments: [
        { when: { text: ONE }, act: { pass: 0 } },
        ...comments,
        { when: { text: ONE }, act: { expire: 100_000 } },
      ],
      expect: { outcome: 'timeout/IDLE', phase: 'stream', text: ONE },
    },
    {
      title: 'data each 299 s',
      kinds: ['S'],
      answers: [
        [
          { write: head(FIRST) },
          { wait: 'comment 1' },
          { write: chunked(SECOND) },
          { wait: 'comment 2' },
          { write: chunked(THIRD + FINISH + DONE) + LAST_CHUNK },
        ],
      ],
      moments: [
        { when: { text: ONE }, act: { pass: 299_000 } },
        { when: { gate: 'comment 1' }, act: { open: 'comment 1' } },
        { when: { text: TWO }, act: { pass: 299_000 } },
        { when: { gate: 'comment 2' }, act: { open: 'comment 2' } },
      ],
      expect: { outcome: 'complete', kept: 1 },
    },
    {
      title: 'the wall clock goes ahead by two hours in the stream',
      kinds: ['S'],
      answers: [[{ write: head(FIRST) }, { wait: 'later' }, { write: chunked(ALL.slice(FIRST.length)) + LAST_CHUNK }]],
      moments: [
        { when: { text: ONE }, act: { step: 7_200_000 } },
        { when: { gate: 'later' }, act: { open: 'later' } },
      ],
      expect: { outcome: 'complete', kept: 1 },
    },
    {
      title: 'a consumer that takes 400 s for each text',
      kinds: ['S'],
      consumer: { dawdlesMs: 400_000 },
      answers: [[{ write: head(FIRST, SECOND, THIRD, FINISH, DONE) + LAST_CHUNK }]],
      expect: { outcome: 'complete', kept: 1 },
    },
    {
      title: 'silence, and the idle limit is 20 s',
      kinds: ['S'],
      options: { idleTimeoutMs: 20_000 },
      answers: [[{ write: head(FIRST) }, 'stall']],
      moments: [{ when: { text: ONE }, act: { expire: 20_000 } }],
      expect: { outcome: 'timeout/IDLE', phase: 'stream', text: ONE },
    },
    {
      title: 'headers and no event, and the attempt had 90 s',
      answers: [[{ write: streamHead() }, 'stall']],
      options: { attemptTimeoutMs: 90_000 },
      moments: [{ when: { requests: 1 }, act: { expire: 90_000 } }],
      expect: { outcome: 'timeout/FIRST_EVENT', phase: 'first-event' },
    },
    {
      title: 'headers and comments, and the attempt had 90 s',
      answers: [[{ write: head(': thinking\n\n') }, 'stall']],
      options: { attemptTimeoutMs: 90_000 },
      moments: [{ when: { requests: 1 }, act: { expire: 90_000 } }],
      expect: { outcome: 'timeout/FIRST_EVENT', phase: 'first-event' },
    },
    {
      title: 'headers and no event, and the attempt had 30 s',
      answers: [[{ write: streamHead() }, 'stall']],
      options: { attemptTimeoutMs: 30_000 },
      moments: [
        { when: { requests: 1 }, act: { expire: 30_000 } },
        { when: { requests: 2 }, act: { expire: 30_000 } },
      ],
      expect: {
        outcome: 'timeout/FIRST_EVENT',
        phase: 'first-event',
        attempts: 2,
        waits: server(1),
        gaveUp: 'attempts',
      },
    },
    {
      title: 'a plain answer that stops, and the attempt had 90 s',
      kinds: ['N'],
      answers: [[{ write: plainHead() + chunked(COMPLETION.slice(0, 60)) }, 'stall']],
      options: { attemptTimeoutMs: 90_000 },
      moments: [{ when: { requests: 1 }, act: { expire: 90_000 } }],
      expect: { outcome: 'timeout/FIRST_EVENT', phase: 'body' },
    },
    {
      title: 'the attempt had 30 s, and the stream needs more behind its first event',
      kinds: ['S'],
      options: { attemptTimeoutMs: 30_000 },
      answers: [[{ write: head(FIRST) }, { wait: 'later' }, { write: chunked(ALL.slice(FIRST.length)) + LAST_CHUNK }]],
      moments: [
        { when: { text: ONE }, act: { pass: 200_000 } },
        { when: { gate: 'later' }, act: { open: 'later' } },
      ],
      expect: { outcome: 'complete', kept: 1 },
    },
    {
      title: "the call's time ends before the first event",
      answers: [[{ write: head(': thinking\n\n') }, 'stall']],
      call: { deadlineMs: 5000 },
      moments: [{ when: { requests: 1 }, act: { expire: 5000 } }],
      expect: { outcome: 'timeout/DEADLINE', phase: 'first-event' },
    },
    {
      title: "the call's time ends in the stream",
      kinds: ['S'],
      answers: [[{ write: head(FIRST) }, 'stall']],
      call: { deadlineMs: 5000 },
      moments: [{ when: { text: ONE }, act: { expire: 5000 } }],
      expect: { outcome: 'timeout/DEADLINE', phase: 'stream', text: ONE },
    },
    {
      title: "the call's time ends in the stream, while nobody reads",
      kinds: ['S'],
      consumer: 'waits',
      answers: [[{ write: head(FIRST) }, 'stall']],
      call: { deadlineMs: 5000 },
      moments: [{ when: { text: ONE }, act: { expire: 5000 } }],
      expect: { outcome: 'timeout/DEADLINE', phase: 'stream', text: ONE },
    },
    {
      title: "the call's time ends in a plain answer",
      kinds: ['N'],
      answers: [[{ write: plainHead() + chunked(COMPLETION.slice(0, 60)) }, 'stall']],
      call: { deadlineMs: 5000 },
      moments: [{ when: { requests: 1 }, act: { expire: 5000 } }],
      expect: { outcome: 'timeout/DEADLINE', phase: 'body' },
    },
    {
      title: 'a stream that goes on for an hour',
      kinds: ['S'],
      answers: [[{ write: head(FIRST) }, 'stall']],
      options: { idleTimeoutMs: 4_000_000 },
      moments: [{ when: { text: ONE }, act: { expire: 3_600_000 } }],
      expect: { outcome: 'timeout/DEADLINE', phase: 'stream', text: ONE },
    },
    {
      title: 'a plain answer that goes on for ten minutes',
      kinds: ['N'],
      answers: [['stall']],
      options: { attemptTimeoutMs: 700_000 },
      moments: [{ when: { requests: 1 }, act: { expire: 600_000 } }],
      expect: { outcome: 'timeout/DEADLINE', phase: 'headers' },
    },
  ],
}
