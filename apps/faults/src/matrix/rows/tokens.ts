import type { Expected, FaultRow, Moment, RowGroup, TokenAnswer } from '../fault-row.ts'
import { FIRST, googleError, openStream, refusal, thenGood } from '../wire.ts'
import { sseEvent } from '@geminate/emulator/faults'
import { server } from './waits.ts'

const expired = refusal(401, 'UNAUTHENTICATED')
const FIRST_TOKEN: TokenAnswer = { token: 'first' }
const NEXT_TOKEN: TokenAnswer = { token: 'next' }
const temporary: TokenAnswer = { fails: { code: 'auth', reason: 'TOKEN_REQUEST_FAILED', retryable: true } }
const final: TokenAnswer = { fails: { code: 'auth', reason: 'INVALID_GRANT', retryable: false } }

const rejected: Expected = {
  outcome: 'auth/REJECTED',
  phase: 'headers',
  status: 401,
  kept: 1,
}

const HOUR_MS = 3_600_000

/** A call before, which brings the first token, and then this. */
function later(tokens: TokenAnswer[], between: NonNullable<FaultRow['between']>): Omit<FaultRow, 'title' | 'expect'> {
  return { tokens, between, warm: 'kept', answers: thenGood() }
}

/** It goes well, and the server sees this token. */
const used = (token: string): Expected => ({ outcome: 'complete', tokens: [token], kept: 1 })

/** The pauses between three requests for a token. */
const tries: Moment[] = [
  { when: { tokenCalls: 1 }, act: { pass: 10_000 } },
  { when: { tokenCalls: 2 }, act: { pass: 10_000 } },
]

const badAnswer: Expected = {
  outcome: 'auth/BAD_TOKEN_RESPONSE',
  phase: 'auth',
  attempts: 0,
  connections: 0,
  tokenCalls: 3,
  hides: 'x-evil',
}

/** A call whose token cannot be had: nothing is sent. */
function noToken(title: string, tokens: TokenAnswer[], row: Omit<FaultRow, 'title' | 'tokens'>): FaultRow {
  return { title, tokens, answers: [['stall']], ...row }
}

export const tokens: RowGroup = {
  title: 'Tokens',
  rows: [
    {
      title: '401 once: the token is replaced and the request repeated',
      tokens: [FIRST_TOKEN, NEXT_TOKEN],
      answers: thenGood(expired),
      expect: { outcome: 'complete', attempts: 2, tokenCalls: 2, tokens: ['first', 'next'], kept: 2 },
    },
    {
      title: '401 twice',
      tokens: [FIRST_TOKEN, NEXT_TOKEN, { token: 'third' }],
      answers: [expired],
      expect: { ...rejected, attempts: 2, tokenCalls: 2, tokens: ['first', 'next'], says: 'gcloud auth', kept: 2 },
    },
    {
      title: '401, and the next token is the same',
      tokens: [FIRST_TOKEN],
      answers: [expired],
      expect: { ...rejected, tokenCalls: 2, tokens: ['first'] },
    },
    { title: '401 to a token that was pasted', answers: [expired], expect: rejected },
    {
      title: '401, then 503, then a good answer',
      tokens: [FIRST_TOKEN, NEXT_TOKEN],
      answers: thenGood(expired, refusal(503, 'UNAVAILABLE')),
      expect: { outcome: 'complete', attempts: 3, waits: server(1), tokens: ['first', 'next', 'next'], kept: 2 },
    },
    {
      title: '401, then 503 with Retry-After: 40, then 401 again',
      tokens: [FIRST_TOKEN, NEXT_TOKEN, { token: 'third' }],
      answers: [expired, refusal(503, 'UNAVAILABLE', { 'retry-after': '40' }), expired],
      expect: {
        ...rejected,
        attempts: 3,
        waits: [[40_000, 41_000]],
        tokenCalls: 2,
        tokens: ['first', 'next', 'next'],
        kept: 2,
      },
    },
    {
      title: '503, then 401, then a good answer',
      tokens: [FIRST_TOKEN, NEXT_TOKEN],
      answers: thenGood(refusal(503, 'UNAVAILABLE'), expired),
      expect: { outcome: 'complete', attempts: 3, waits: server(1), tokens: ['first', 'first', 'next'], kept: 2 },
    },
    {
      title: '401 once, then 503 each time',
      tokens: [FIRST_TOKEN, NEXT_TOKEN],
      answers: [expired, refusal(503, 'UNAVAILABLE')],
      expect: {
        outcome: 'http/UNAVAILABLE',
        phase: 'headers',
        status: 503,
        attempts: 4,
        waits: server(2),
        gaveUp: 'attempts',
        tokenCalls: 2,
        kept: 2,
      },
    },
    {
      title: '401, and no new token is to be had',
      tokens: [FIRST_TOKEN, final],
      answers: [expired],
      expect: { outcome: 'auth/INVALID_GRANT', phase: 'auth', tokenCalls: 2, kept: 1 },
    },
    {
      title: '403: the token stays as it is',
      tokens: [FIRST_TOKEN, NEXT_TOKEN],
      answers: [refusal(403, 'PERMISSION_DENIED')],
      expect: {
        outcome: 'http/PERMISSION_DENIED',
        phase: 'headers',
        status: 403,
        tokenCalls: 1,
        says: 'roles/aiplatform.user',
        kept: 1,
      },
    },
    {
      title: '401 in a stream that has begun',
      tokens: [FIRST_TOKEN, NEXT_TOKEN],
      answers: [openStream(FIRST, sseEvent(googleError(401, 'UNAUTHENTICATED')))],
      kinds: ['S'],
      expect: { outcome: 'upstream_error/UNAUTHENTICATED', phase: 'stream', status: 401, text: 'Hel', tokenCalls: 1 },
    },
    {
      title: '401 to an API key',
      options: { auth: undefined, apiKey: 'secret-words' },
      answers: [expired],
      expect: { outcome: 'http/UNAUTHENTICATED', phase: 'headers', status: 401, hides: 'secret-words', kept: 1 },
    },
    {
      title: 'a hundred calls at once, and 401 to the token that all have',
      together: 100,
      tokens: [FIRST_TOKEN, NEXT_TOKEN],
      refusesToken: 'first',
      expect: { outcome: 'complete', attempts: 2, tokenCalls: 2 },
    },
    {
      title: 'a hundred calls at once, and none has a token yet',
      together: 100,
      tokens: [FIRST_TOKEN, NEXT_TOKEN],
      answers: thenGood(),
      expect: { outcome: 'complete', tokenCalls: 1 },
    },
    {
      title: 'the token nears its end: it is used, and its successor asked for behind the call',
      ...later([FIRST_TOKEN, NEXT_TOKEN], [{ pass: HOUR_MS - 100_000 }]),
      expect: { ...used('first'), tokenCalls: 1 },
    },
    {
      title: 'the token nears its end, and a successor cannot be had',
      ...later([FIRST_TOKEN, temporary], [{ pass: HOUR_MS - 100_000 }]),
      expect: { ...used('first'), tokenCalls: 1 },
    },
    {
      title: 'the token nears its end, and the request for a successor hangs',
      ...later([FIRST_TOKEN, 'hang'], [{ pass: HOUR_MS - 100_000 }]),
      expect: { ...used('first'), tokenCalls: 1 },
    },
    {
      title: 'the token has 20 s left, and a successor cannot be had',
      ...later([FIRST_TOKEN, temporary], [{ pass: HOUR_MS - 20_000 }]),
      expect: { ...used('first'), tokenCalls: 1 },
    },
    {
      title: 'the token has 20 s left, and a successor can be had',
      ...later([FIRST_TOKEN, NEXT_TOKEN], [{ pass: HOUR_MS - 20_000 }]),
      expect: { ...used('next'), tokenCalls: 1 },
    },
    {
      title: 'the token has ended, and a successor cannot be had',
      ...later([FIRST_TOKEN, temporary], [{ pass: HOUR_MS }]),
      moments: tries,
      expect: { outcome: 'auth/TOKEN_REQUEST_FAILED', phase: 'auth', attempts: 0, tokenCalls: 3, kept: 1 },
    },
    {
      title: 'the wall clock goes ahead by two hours, as after a suspend',
      ...later([FIRST_TOKEN, NEXT_TOKEN], [{ step: 2 * HOUR_MS }]),
      expect: { ...used('next'), tokenCalls: 1 },
    },
    {
      title: 'the wall clock is set back by two hours',
      ...later([FIRST_TOKEN, NEXT_TOKEN], [{ step: -2 * HOUR_MS }]),
      expect: { ...used('first'), tokenCalls: 0 },
    },
    {
      title: 'the wall clock is set back by two hours, and an hour passes',
      ...later([FIRST_TOKEN, NEXT_TOKEN], [{ step: -2 * HOUR_MS }, { pass: HOUR_MS }]),
      expect: { ...used('next'), tokenCalls: 1 },
    },
    noToken('a token is refused for good', [final], {
      expect: { outcome: 'auth/INVALID_GRANT', phase: 'auth', attempts: 0, connections: 0, tokenCalls: 1 },
    }),
    noToken('a token cannot be had, three times', [temporary], {
      moments: tries,
      expect: { outcome: 'auth/TOKEN_REQUEST_FAILED', phase: 'auth', attempts: 0, connections: 0, tokenCalls: 3 },
    }),
    {
      title: 'a token cannot be had once, and then it can',
      tokens: [temporary, FIRST_TOKEN],
      answers: thenGood(),
      moments: [{ when: { tokenCalls: 1 }, act: { pass: 10_000 } }],
      expect: { outcome: 'complete', tokenCalls: 2, tokens: ['first'], kept: 1 },
    },
    noToken('requests for a token hang', ['hang'], {
      moments: [
        { when: { tokenCalls: 1 }, act: { expire: 10_000 } },
        { when: { tokenCalls: 2 }, act: { expire: 10_000 } },
        { when: { tokenCalls: 3 }, act: { expire: 10_000 } },
      ],
      expect: { outcome: 'timeout/TOKEN', phase: 'auth', attempts: 0, connections: 0, tokenCalls: 3 },
    }),
    noToken("the call's time ends while a token is awaited", ['hang'], {
      call: { deadlineMs: 5000 },
      moments: [{ when: { tokenCalls: 1 }, act: { expire: 5000 } }],
      expect: { outcome: 'timeout/DEADLINE', phase: 'auth', attempts: 0, connections: 0, tokenCalls: 1 },
    }),
    noToken('a token that has a line end', [{ token: 'a\r\nx-evil: 1' }], { moments: tries, expect: badAnswer }),
    noToken('a token that is empty', [{ token: '' }], { moments: tries, expect: badAnswer }),
    {
      title: 'what was pasted is no token',
      options: { auth: 'Bearer x-evil' },
      answers: [['stall']],
      expect: { outcome: 'config/BAD_TOKEN', phase: 'auth', attempts: 0, connections: 0, hides: 'x-evil' },
    },
  ],
}
