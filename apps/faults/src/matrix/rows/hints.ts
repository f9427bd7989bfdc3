import type { ByteScript } from '@geminate/emulator/faults'
import type { FaultRow, Range, RowGroup } from '../fault-row.ts'
import { refusal, retryInfo, thenGood } from '../wire.ts'

const throttled = (headers: Record<string, string>, details: object[] = []): ByteScript =>
  refusal(429, 'RESOURCE_EXHAUSTED', headers, details)

/** Retried once, and the wait lies in here. */
function obeyed(title: string, answer: ByteScript, wait: Range): FaultRow {
  return {
    title,
    answers: thenGood(answer),
    expect: { outcome: 'complete', attempts: 2, waits: [wait], kept: 1 },
  }
}

/** Not retried, since the server asks for more than a call waits. */
function tooLong(title: string, answer: ByteScript, retryAfterMs: number): FaultRow {
  return {
    title,
    answers: [answer],
    expect: {
      outcome: 'http/RESOURCE_EXHAUSTED',
      phase: 'headers',
      status: 429,
      gaveUp: 'hint',
      retryAfterMs,
      kept: 1,
    },
  }
}

/** Not retried, since no wait of seconds helps. */
function hopeless(title: string, answer: ByteScript, status = 429, reason = 'RESOURCE_EXHAUSTED'): FaultRow {
  return { title, answers: [answer], expect: { outcome: `http/${reason}`, phase: 'headers', status, kept: 1 } }
}

const quota = (quotaMetric: string, quotaId: string): object => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaMetric, quotaId }],
})

const date = 'Tue, 01 Jan 2030 00:00:00 GMT'

export const hints: RowGroup = {
  title: 'What the server asks for',
  rows: [
    obeyed('429, Retry-After: 1', throttled({ 'retry-after': '1' }), [1000, 2000]),
    obeyed('429, Retry-After: 5', throttled({ 'retry-after': '5' }), [5000, 6000]),
    obeyed('429, Retry-After: 60', throttled({ 'retry-after': '60' }), [60_000, 61_000]),
    obeyed(
      "429, Retry-After as a date, read by the server's clock",
      throttled({ date, 'retry-after': 'Tue, 01 Jan 2030 00:00:07 GMT' }),
      [7000, 8000],
    ),
    obeyed('429, retry-after-ms: 2500', throttled({ 'retry-after-ms': '2500' }), [2500, 3500]),
    obeyed('429, RetryInfo of 3 s', throttled({}, [retryInfo('3s')]), [3000, 4000]),
    obeyed('429, RetryInfo of 3.25 s', throttled({}, [retryInfo('3.25s')]), [3250, 4250]),
    obeyed(
      '429, three hints: the longest counts',
      throttled({ 'retry-after': '4', 'retry-after-ms': '9000' }, [retryInfo('3s')]),
      [9000, 10_000],
    ),
    obeyed('429, a hint that is negative', throttled({ 'retry-after': '-5' }), [1000, 2000]),
    obeyed('429, a hint that is no number', throttled({ 'retry-after': 'soon' }), [1000, 2000]),
    obeyed('429, a hint of more than a day', throttled({ 'retry-after': '90000' }), [1000, 2000]),
    obeyed('429, a hint of 0', throttled({ 'retry-after': '0' }), [1000, 2000]),
    obeyed('503, Retry-After: 5', refusal(503, 'UNAVAILABLE', { 'retry-after': '5' }), [5000, 6000]),
    {
      title: '429, RetryInfo of 3 s, every time',
      answers: [throttled({}, [retryInfo('3s')])],
      expect: {
        outcome: 'http/RESOURCE_EXHAUSTED',
        phase: 'headers',
        status: 429,
        attempts: 3,
        waits: [
          [3000, 4000],
          [3000, 4000],
        ],
        gaveUp: 'attempts',
        retryAfterMs: 3000,
        kept: 1,
      },
    },
    tooLong('429, Retry-After: 120', throttled({ 'retry-after': '120' }), 120_000),
    tooLong('429, Retry-After: 61', throttled({ 'retry-after': '61' }), 61_000),
    tooLong(
      '429, Retry-After as a date in an hour',
      throttled({ date, 'retry-after': 'Tue, 01 Jan 2030 01:00:00 GMT' }),
      3_600_000,
    ),
    tooLong('429, retry-after-ms: 90000', throttled({ 'retry-after-ms': '90000' }), 90_000),
    tooLong('429, RetryInfo of 300 s', throttled({}, [retryInfo('300s')]), 300_000),
    {
      title: '429, Retry-After: 30, and the call has 20 s',
      answers: [throttled({ 'retry-after': '30' })],
      call: { deadlineMs: 20_000 },
      expect: {
        outcome: 'http/RESOURCE_EXHAUSTED',
        phase: 'headers',
        status: 429,
        gaveUp: 'deadline',
        retryAfterMs: 30_000,
        kept: 1,
      },
    },
    hopeless('429, a quota of a day, by its id', throttled({}, [quota('requests', 'RequestsPerDayPerProject')])),
    hopeless('429, a quota of a day, by its metric', throttled({}, [quota('generate_requests_per_day', 'x')])),
    hopeless('429, x-should-retry: false', throttled({ 'x-should-retry': 'false' })),
    hopeless(
      '503, x-should-retry: false',
      refusal(503, 'UNAVAILABLE', { 'x-should-retry': 'false' }),
      503,
      'UNAVAILABLE',
    ),
    hopeless('429, bought throughput is used up', [
      {
        write: httpBody({
          error: {
            code: 429,
            message: 'Too many requests. Exceeded the Provisioned Throughput.',
            status: 'RESOURCE_EXHAUSTED',
          },
        }),
      },
    ]),
    obeyed('429, a quota of a minute', throttled({}, [quota('requests', 'RequestsPerMinutePerProject')]), [1000, 2000]),
  ],
}

function httpBody(body: object): string {
  const text = JSON.stringify(body)
  return `HTTP/1.1 429 X\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`
}
