import { chunked } from '@geminate/emulator/faults'
import type { ErrorPhase } from '@geminate/core'
import type { Cue, Expected, FaultRow, RowGroup } from '../fault-row.ts'
import { COMPLETION, FIRST, ONE, SECOND, plainHead, refusal, streamHead } from '../wire.ts'
import { server } from './waits.ts'

const aborted = (phase: ErrorPhase, more: Partial<Expected> = {}): Expected => ({
  outcome: 'aborted',
  phase,
  cause: 'the caller has gone',
  ...more,
})

/** Aborted when this has come about. */
function abort(title: string, when: Cue, row: Omit<FaultRow, 'title'>): FaultRow {
  return { title: `aborted ${title}`, moments: [{ when, act: 'abort' }], ...row }
}

const begun = streamHead() + chunked(FIRST)
const endless = { write: chunked('data: {"choices":[]}\n\n'.repeat(3000)), times: 2000 }

/** Left by its consumer after the first text. */
function left(title: string, consumer: NonNullable<FaultRow['consumer']>): FaultRow {
  return {
    title,
    kinds: ['S'],
    consumer,
    answers: [[{ write: begun + chunked(SECOND) }, 'stall']],
    expect: { outcome: 'left', text: ONE },
  }
}

export const aborts: RowGroup = {
  title: 'Callers that leave',
  rows: [
    {
      title: 'the signal has fired before the call',
      aborted: true,
      tokens: [{ token: 'first' }],
      answers: [['stall']],
      expect: aborted('config', { attempts: 0, connections: 0, tokenCalls: 0 }),
    },
    abort(
      'while the token is awaited',
      { tokenCalls: 1 },
      {
        tokens: ['hang'],
        answers: [['stall']],
        expect: aborted('auth', { attempts: 0, connections: 0, tokenCalls: 1 }),
      },
    ),
    abort(
      'in the TLS handshake',
      { connections: 1 },
      {
        place: { tls: {}, trusted: true },
        answers: [[{ at: 'connect' }, { receive: 1 }, 'stall']],
        expect: aborted('connect', { requests: 0, connections: 1 }),
        except: { fetch: 'a given fetch goes on to connect by itself' },
      },
    ),
    abort(
      'while the request is sent',
      { gate: 'sending' },
      {
        answers: [[{ at: 'head' }, 'stop-reading', { wait: 'sending' }, 'read-on', 'stall']],
        moments: [
          { when: { gate: 'sending' }, act: 'abort' },
          { when: 'settled', act: { open: 'sending' } },
        ],
        call: { bytes: 20_000_000 },
        expect: aborted('headers'),
      },
    ),
    abort(
      'while the headers are awaited',
      { requests: 1 },
      {
        answers: [['stall']],
        expect: aborted('headers'),
      },
    ),
    abort(
      'in the headers',
      { gate: 'headers' },
      {
        answers: [[{ write: 'HTTP/1.1 200 OK\r\ncontent-' }, { wait: 'headers' }, 'stall']],
        expect: aborted('headers'),
      },
    ),
    abort(
      'in the body of a refusal',
      { gate: 'body' },
      {
        answers: [[{ write: `${plainHead({ status: 503 })}${chunked('{"error":')}` }, { wait: 'body' }, 'stall']],
        expect: aborted('headers'),
      },
    ),
    abort(
      'in the wait before the next attempt',
      { waits: 1 },
      {
        holdsWaits: true,
        answers: [refusal(503, 'UNAVAILABLE')],
        expect: aborted('retry-wait', { waits: server(1), kept: 1 }),
      },
    ),
    abort(
      'in the second attempt',
      { requests: 2 },
      {
        answers: [refusal(503, 'UNAVAILABLE'), ['stall']],
        expect: aborted('headers', { attempts: 2, waits: server(1) }),
      },
    ),
    abort(
      'while the token is renewed',
      { tokenCalls: 2 },
      {
        tokens: [{ token: 'first' }, 'hang'],
        answers: [refusal(401, 'UNAUTHENTICATED')],
        expect: aborted('auth', { tokenCalls: 2, kept: 1 }),
      },
    ),
    abort(
      'while the first event is awaited',
      { gate: 'thinking' },
      {
        answers: [[{ write: streamHead() + chunked(': thinking\n\n') }, { wait: 'thinking' }, 'stall']],
        expect: aborted('first-event'),
      },
    ),
    abort(
      'in the first event',
      { gate: 'event' },
      {
        answers: [[{ write: streamHead() + chunked(FIRST.slice(0, 30)) }, { wait: 'event' }, 'stall']],
        expect: aborted('first-event'),
      },
    ),
    abort(
      'in the stream',
      { text: ONE },
      {
        kinds: ['S'],
        answers: [[{ write: begun }, 'stall']],
        expect: aborted('stream', { text: ONE }),
      },
    ),
    abort(
      'in the stream, while nobody reads',
      { text: ONE },
      {
        kinds: ['S'],
        consumer: 'waits',
        answers: [[{ write: begun }, 'stall']],
        expect: aborted('stream', { text: ONE }),
      },
    ),
    abort('in the stream, with data waiting for its reader', 'blocked', {
      kinds: ['S'],
      consumer: 'waits',
      answers: [[{ write: begun }, endless, 'stall']],
      expect: aborted('stream', { text: ONE }),
    }),
    abort(
      'in a plain answer',
      { gate: 'body' },
      {
        kinds: ['N'],
        answers: [[{ write: plainHead() + chunked(COMPLETION.slice(0, 60)) }, { wait: 'body' }, 'stall']],
        expect: aborted('body'),
      },
    ),
    {
      title: 'aborted after the answer is whole',
      answers: { S: [[{ write: begun + chunked(SECOND) }, 'stall']], N: [[{ write: plainHead() }, 'stall']] },
      kinds: ['S'],
      consumer: 'leaves',
      moments: [{ when: 'settled', act: 'abort' }],
      expect: { outcome: 'left', text: ONE },
    },
    left('the loop is left by break', 'leaves'),
    left('the loop is left by return()', 'returns'),
    left('the scope is left, and disposes of the stream', 'disposes'),
  ],
}
