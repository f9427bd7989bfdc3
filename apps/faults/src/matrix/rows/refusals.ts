import { httpAnswer } from '@geminate/emulator/faults'
import type { Expected, FaultRow, RowGroup } from '../fault-row.ts'
import { googleError, plainHead, refusal, thenGood, READ } from '../wire.ts'
import { server, throttled } from './waits.ts'

/** Tried three times, with the waits of its class. */
const tried = (status: number, more: Partial<Expected> = {}): Expected => ({
  outcome: 'http',
  phase: 'headers',
  status,
  attempts: 3,
  waits: server(2),
  gaveUp: 'attempts',
  kept: 1,
  ...more,
})

/** Final at once. */
const final = (status: number, reason?: string, more: Partial<Expected> = {}): Expected => ({
  outcome: reason ? `http/${reason}` : 'http',
  phase: 'headers',
  status,
  kept: 1,
  ...more,
})

const PAGE = '<!doctype html><html><head><title>Error page</title></head><body>secret words</body></html>'
const page = (status: number) => [[{ write: httpAnswer(status, PAGE, { 'content-type': 'text/html' }) }]]

const google: [number, string][] = [
  [400, 'INVALID_ARGUMENT'],
  [400, 'FAILED_PRECONDITION'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [405, 'METHOD_NOT_ALLOWED'],
  [409, 'ABORTED'],
  [412, 'FAILED_PRECONDITION'],
  [413, 'CONTENT_TOO_LARGE'],
  [415, 'UNSUPPORTED_MEDIA_TYPE'],
  [422, 'UNPROCESSABLE'],
  [501, 'UNIMPLEMENTED'],
  [505, 'HTTP_VERSION'],
]

const retried: [number, string][] = [
  [408, 'REQUEST_TIMEOUT'],
  [429, 'RESOURCE_EXHAUSTED'],
  [500, 'INTERNAL'],
  [502, 'BAD_GATEWAY'],
  [503, 'UNAVAILABLE'],
]

/** The forms in which servers write errors; what of them a caller must see. */
const shapes: [string, string | object, string | undefined][] = [
  ["Google's object", googleError(400, 'INVALID_ARGUMENT'), 'INVALID_ARGUMENT'],
  ["Google's array of one", [googleError(400, 'INVALID_ARGUMENT')], 'INVALID_ARGUMENT'],
  [
    "vLLM's object",
    { object: 'error', message: 'The server says no.', type: 'BadRequestError', code: 400 },
    'BadRequestError',
  ],
  [
    "OpenAI's object",
    { error: { message: 'The server says no.', type: 'invalid_request_error', param: null, code: null } },
    'invalid_request_error',
  ],
  ["TGI's pair of strings", { error: 'The server says no.', error_type: 'validation' }, 'validation'],
]

export const refusals: RowGroup = {
  title: 'Refusals',
  rows: [
    ...google.map(([status, reason]): FaultRow => ({
      title: `${status} ${reason}`,
      answers: [refusal(status, reason)],
      expect: final(status, reason, { retryable: false, says: 'The server says' }),
    })),
    {
      title: '499 CANCELLED',
      answers: [refusal(499, 'CANCELLED')],
      expect: final(499, 'CANCELLED', { retryable: true }),
    },
    ...retried.map(([status, reason]): FaultRow => ({
      title: `${status} ${reason}`,
      answers: [refusal(status, reason)],
      expect: tried(status, { outcome: `http/${reason}`, connections: 1, retryable: true }),
    })),
    ...retried.map(([status, reason]): FaultRow => ({
      title: `${status} ${reason} once, and then a good answer`,
      answers: thenGood(refusal(status, reason)),
      expect: { outcome: 'complete', attempts: 2, waits: server(1), kept: 1 },
    })),
    {
      title: '503, then 429, and then a good answer',
      answers: thenGood(refusal(503, 'UNAVAILABLE'), refusal(429, 'RESOURCE_EXHAUSTED')),
      expect: { outcome: 'complete', attempts: 3, waits: throttled(2), kept: 1 },
    },
    {
      title: '503, then 400',
      answers: [refusal(503, 'UNAVAILABLE'), refusal(400, 'INVALID_ARGUMENT')],
      expect: final(400, 'INVALID_ARGUMENT', { attempts: 2, waits: server(1) }),
    },
    {
      title: '504 DEADLINE_EXCEEDED at once',
      answers: [refusal(504, 'DEADLINE_EXCEEDED')],
      expect: tried(504, { outcome: 'http/DEADLINE_EXCEEDED', attempts: 2, waits: server(1) }),
    },
    {
      title: '504 DEADLINE_EXCEEDED after a minute',
      answers: [[{ wait: 'minute' }, ...refusal(504, 'DEADLINE_EXCEEDED')]],
      moments: [
        { when: { gate: 'minute' }, act: { pass: 60_000 } },
        { when: { gate: 'minute' }, act: { open: 'minute' } },
      ],
      expect: final(504, 'DEADLINE_EXCEEDED', { retryable: true }),
    },
    ...[502, 503].map((status): FaultRow => ({
      title: `${status} as a web page`,
      answers: page(status),
      expect: tried(status, { details: [{ title: 'Error page' }], hides: 'secret words' }),
    })),
    {
      title: '504 as a web page',
      answers: page(504),
      expect: tried(504, { attempts: 2, waits: server(1), details: [{ title: 'Error page' }] }),
    },
    ...[403, 404].map((status): FaultRow => ({
      title: `${status} as a web page`,
      answers: page(status),
      expect: {
        outcome: 'protocol/NOT_API',
        phase: 'headers',
        status,
        kept: 1,
        details: [{ title: 'Error page' }],
        hides: 'secret words',
      },
    })),
    ...shapes.map(([shape, body, reason]): FaultRow => ({
      title: `400 as ${shape}`,
      answers: [[{ write: httpAnswer(400, body) }]],
      expect: final(400, reason, { says: 'The server says' }),
    })),
    {
      title: '400 as text',
      answers: [[{ write: httpAnswer(400, 'bad request, with secret words', { 'content-type': 'text/plain' }) }]],
      expect: final(400, undefined, { hides: 'secret words' }),
    },
    {
      title: '400 without a body',
      answers: [[{ write: httpAnswer(400, '') }]],
      expect: final(400),
    },
    {
      title: '400 with violations of fields',
      answers: [
        refusal(400, 'INVALID_ARGUMENT', {}, [
          {
            '@type': 'type.googleapis.com/google.rpc.BadRequest',
            fieldViolations: [{ field: 'top_p', description: 'x' }],
          },
        ]),
      ],
      expect: final(400, 'INVALID_ARGUMENT', {
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.BadRequest',
            fieldViolations: [{ field: 'top_p', description: 'x' }],
          },
        ],
      }),
    },
    {
      title: '503 whose body is reset',
      answers: [[{ write: `${plainHead({ status: 503, framing: { length: 500 } })}{"error":` }, READ, 'reset']],
      expect: tried(503, { kept: 0 }),
    },
    {
      title: '503 whose body is cut by FIN',
      answers: [[{ write: `${plainHead({ status: 503, framing: { length: 500 } })}{"error":` }, 'fin']],
      expect: tried(503, { kept: 0 }),
    },
    {
      title: '400 whose body is reset',
      answers: [[{ write: `${plainHead({ status: 400, framing: { length: 500 } })}{"error":` }, READ, 'reset']],
      expect: final(400, undefined, { kept: 0 }),
    },
    {
      title: '503 whose body never ends',
      answers: [[{ write: `${plainHead({ status: 503 })}5\r\n{"err\r\n` }, 'stall']],
      moments: [
        { when: { requests: 1 }, act: { expire: 10_000 } },
        { when: { requests: 2 }, act: { expire: 10_000 } },
        { when: { requests: 3 }, act: { expire: 10_000 } },
      ],
      expect: tried(503, { kept: 0 }),
    },
    {
      title: '503 with a body of 1 MiB',
      answers: [[{ write: httpAnswer(503, `{"error":{"message":"${'x'.repeat(1_048_576)}"}}`) }]],
      expect: tried(503, { kept: 0 }),
    },
    {
      title: '503 with a body of 1 MiB, read to 64 KiB, and the title of a web page is kept',
      answers: [[{ write: httpAnswer(503, PAGE + 'x'.repeat(1_048_576)) }]],
      expect: tried(503, { kept: 0, details: [{ title: 'Error page' }] }),
    },
    {
      title: '503, and the call has no time for a wait',
      answers: [refusal(503, 'UNAVAILABLE')],
      call: { deadlineMs: 900 },
      expect: final(503, 'UNAVAILABLE', { gaveUp: 'deadline' }),
    },
    {
      title: '503, and retries are switched off',
      answers: [refusal(503, 'UNAVAILABLE')],
      options: { retry: { maxAttempts: 1 } },
      expect: final(503, 'UNAVAILABLE', { gaveUp: 'attempts' }),
    },
    ...[301, 302, 303, 307, 308].map((status): FaultRow => ({
      title: `${status} to another origin`,
      answers: [[{ write: httpAnswer(status, '', { location: 'https://elsewhere.invalid/path?key=secret-words' }) }]],
      expect: {
        outcome: 'protocol/REDIRECT',
        phase: 'headers',
        status,
        connections: 1,
        details: [{ location: 'https://elsewhere.invalid' }],
        hides: 'secret-words',
        kept: 1,
      },
    })),
    {
      title: '307 to another path of the same origin',
      answers: [[{ write: httpAnswer(307, '', { location: '/elsewhere' }) }]],
      expect: { outcome: 'protocol/REDIRECT', phase: 'headers', status: 307, connections: 1, kept: 1 },
    },
  ],
}
