import { chunked, sseEvent } from '@geminate/emulator/faults'
import type { ByteScript } from '@geminate/emulator/faults'
import type { FaultRow, RowGroup } from '../fault-row.ts'
import { FIRST, ONE, SECOND, googleError, openStream, plain, retryInfo, stream, streamHead, thenGood } from '../wire.ts'
import { server } from './waits.ts'

/** The forms in which an error comes in the place of an event. */
const forms: [string, (error: object) => string][] = [
  ['an object', (error) => sseEvent(error)],
  ['an array', (error) => sseEvent([error])],
  ['a raw array between the lines', (error) => `${JSON.stringify([error], undefined, 2)}\n`],
]

const events = forms.slice(0, 2)

const statuses: [number, string][] = [
  [429, 'RESOURCE_EXHAUSTED'],
  [499, 'CANCELLED'],
  [503, 'UNAVAILABLE'],
  [400, 'INVALID_ARGUMENT'],
]

const raw = (body: object): ByteScript => plain(JSON.stringify(body))

/** In the place of the first event: as if the status had been that. */
function first(
  title: string,
  script: ByteScript,
  status: number,
  reason: string,
  phase: 'body' | 'first-event',
  kept: 0 | 1 = 0,
): FaultRow {
  const isRetried = status === 429 || status === 503
  return {
    title,
    answers: [script],
    expect: {
      outcome: `http/${reason}`,
      status,
      phase,
      kept,
      ...(isRetried && { attempts: 3, waits: server(2), gaveUp: 'attempts' }),
    },
  }
}

/** In a stream that has begun: told, and never made again. */
function midway(title: string, script: ByteScript, status: number, reason: string): FaultRow {
  return {
    title,
    answers: [script],
    expect: { outcome: `upstream_error/${reason}`, phase: 'stream', status, text: ONE },
    except: { N: { text: '', partial: ONE } },
  }
}

export const errorsInAnswers: RowGroup = {
  title: 'Errors inside answers of 200',
  rows: [
    ...statuses.flatMap(([status, reason]) => [
      ...events.map(([form, write]) =>
        first(
          `${status} as the first event, as ${form}`,
          openStream(write(googleError(status, reason))),
          status,
          reason,
          'first-event',
        ),
      ),
      first(`${status} as the whole body, an object`, raw(googleError(status, reason)), status, reason, 'body', 1),
      first(
        `${status} as the whole body, an array`,
        raw([googleError(status, reason)]),
        status,
        reason,
        'first-event',
        1,
      ),
    ]),
    {
      title: '429 as the first event once, and then a good answer',
      answers: thenGood(stream(sseEvent(googleError(429, 'RESOURCE_EXHAUSTED')))),
      expect: { outcome: 'complete', attempts: 2, waits: server(1), kept: 1 },
    },
    {
      title: '429 as the first event, with RetryInfo of 7 s, and then a good answer',
      answers: thenGood(stream(sseEvent([googleError(429, 'RESOURCE_EXHAUSTED', [retryInfo('7s')])]))),
      expect: { outcome: 'complete', attempts: 2, waits: [[7000, 8000]], kept: 1 },
    },
    {
      title: '503 as the first event, behind comments',
      answers: [openStream(': thinking\n\n', 'event: ping\n\n', sseEvent(googleError(503, 'UNAVAILABLE')))],
      expect: {
        outcome: 'http/UNAVAILABLE',
        status: 503,
        phase: 'first-event',
        attempts: 3,
        waits: server(2),
        gaveUp: 'attempts',
      },
    },
    {
      title: '503 as the first event of a stream that does not end',
      answers: [[{ write: streamHead() + chunked(sseEvent(googleError(503, 'UNAVAILABLE'))) }, 'stall']],
      expect: {
        outcome: 'http/UNAVAILABLE',
        status: 503,
        phase: 'first-event',
        attempts: 3,
        waits: server(2),
        gaveUp: 'attempts',
      },
    },
    ...statuses.flatMap(([status, reason]) =>
      forms.map(([form, write]) =>
        midway(
          `${status} after the first event, as ${form}`,
          openStream(FIRST, write(googleError(status, reason))),
          status,
          reason,
        ),
      ),
    ),
    {
      title: '429 after the first event, with RetryInfo of 7 s',
      answers: [openStream(FIRST, sseEvent([googleError(429, 'RESOURCE_EXHAUSTED', [retryInfo('7s')])]))],
      expect: {
        outcome: 'upstream_error/RESOURCE_EXHAUSTED',
        phase: 'stream',
        status: 429,
        retryAfterMs: 7000,
        text: ONE,
      },
      except: { N: { text: '', partial: ONE } },
    },
    {
      title: '503 after the first event, and more events behind it',
      answers: [openStream(FIRST, sseEvent(googleError(503, 'UNAVAILABLE')), SECOND)],
      expect: { outcome: 'upstream_error/UNAVAILABLE', phase: 'stream', status: 503, text: ONE },
      except: { N: { text: '', partial: ONE } },
    },
    {
      title: 'a raw array of 499 in writes of one byte',
      answers: [
        [
          { write: streamHead() + chunked(FIRST) },
          ...Array.from(`${JSON.stringify([googleError(499, 'CANCELLED')])}\n`, (byte) => ({ write: chunked(byte) })),
          'stall',
        ],
      ],
      expect: { outcome: 'upstream_error/CANCELLED', phase: 'stream', status: 499, text: ONE },
      except: { N: { text: '', partial: ONE } },
    },
  ],
}
