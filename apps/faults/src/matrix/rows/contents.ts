import { gzipSync } from 'node:zlib'
import { LAST_CHUNK, chunked, httpAnswer, sseEvent } from '@geminate/emulator/faults'
import type { ByteScript } from '@geminate/emulator/faults'
import type { FaultRow, RowGroup } from '../fault-row.ts'
import {
  ALL,
  COMPLETION,
  DONE,
  FINISH,
  FIRST,
  GOOD,
  ONE,
  SECOND,
  THIRD,
  TRUTH,
  openStream,
  plain,
  plainHead,
  stream,
  streamHead,
} from '../wire.ts'
import { server } from './waits.ts'

const PAGE = '<!doctype html><html><head><title>Sign in</title></head><body>secret words</body></html>'
const OWN_INFLATION = 'only a socket shows it: a given fetch inflates by itself'
const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
const call = (index: string): string =>
  `data: {"choices":[{"index":0,"delta":{"tool_calls":[{${index}"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":null}]}\n\n`

/** A stream that breaks the rules in its second event. */
function broken(title: string, event: string, reason: string): FaultRow {
  return {
    title,
    kinds: ['S'],
    answers: [openStream(FIRST, event, SECOND, THIRD, FINISH, DONE)],
    expect: { outcome: `protocol/${reason}`, phase: 'stream', text: ONE, hides: 'secret-words' },
  }
}

/** A stream that is odd, and whole. */
function whole(title: string, script: ByteScript, warnings: string[] = [], kinds: ('S' | 'N')[] = ['S']): FaultRow {
  return { title, kinds, answers: [script], expect: { outcome: 'complete', warnings, kept: 1 } }
}

/** A body that was gzipped, as a whole, cut by FIN before anything of it can be inflated, or without its end. */
function gzipped(body: string, end: 'whole' | 'cut' | 'open' = 'whole', encoding = 'gzip'): ByteScript {
  const bytes = gzipSync(body)
  const length = bytes.length + (end === 'open' ? 1 : 0)
  const head = streamHead({ headers: { 'content-encoding': encoding }, framing: { length } })
  const sent = end === 'cut' ? bytes.subarray(0, 8) : bytes
  return [{ write: head }, { write: sent }, ...({ whole: [], cut: ['fin'], open: ['stall'] } as const)[end]]
}

const empty = {
  outcome: 'truncated',
  phase: 'first-event',
  attempts: 3,
  connections: 1,
  waits: server(2),
  gaveUp: 'attempts',
  kept: 1,
} as const

export const contents: RowGroup = {
  title: 'Contents',
  rows: [
    {
      title: 'an empty answer of 200',
      answers: [[{ write: httpAnswer(200, '') }]],
      expect: empty,
    },
    { title: '204', answers: [[{ write: 'HTTP/1.1 204 No Content\r\n\r\n' }]], expect: empty },
    {
      title: 'an answer of blanks',
      answers: [[{ write: httpAnswer(200, ' \r\n\n ') }]],
      expect: empty,
    },
    {
      title: '[DONE] alone',
      kinds: ['S'],
      answers: [stream(DONE)],
      expect: empty,
    },
    {
      title: 'a web page of 200',
      answers: [[{ write: httpAnswer(200, PAGE, { 'content-type': 'text/html' }) }]],
      expect: {
        outcome: 'protocol/NOT_API',
        phase: 'headers',
        status: 200,
        details: [{ title: 'Sign in' }],
        hides: 'secret words',
        kept: 1,
      },
    },
    {
      title: 'a web page that says it is an event stream',
      answers: [[{ write: httpAnswer(200, PAGE, { 'content-type': 'text/event-stream' }) }]],
      expect: { outcome: 'protocol/NOT_API', phase: 'headers', status: 200, hides: 'secret words', kept: 1 },
    },
    {
      title: 'a whole completion answers a stream call',
      kinds: ['S'],
      answers: [GOOD.N],
      expect: { outcome: 'complete', warnings: ['json-for-stream'], kept: 1 },
    },
    {
      title: 'an event stream answers a plain call',
      kinds: ['N'],
      answers: [GOOD.S],
      expect: { outcome: 'complete', warnings: ['stream-for-plain'], kept: 1 },
    },
    {
      title: 'an event stream answers a plain call, and is cut',
      kinds: ['N'],
      answers: [stream(FIRST, SECOND)],
      expect: { outcome: 'truncated', phase: 'stream', partial: ONE + 'lo wör', kept: 1 },
    },
    whole(
      'an event stream that says it is JSON',
      [{ write: streamHead({ headers: { 'content-type': 'application/json' } }) + chunked(ALL) + LAST_CHUNK }],
      ['wrong-content-type'],
    ),
    {
      title: 'a completion that says it is an event stream',
      kinds: ['N'],
      answers: [plain(COMPLETION, { 'content-type': 'text/event-stream' })],
      expect: { outcome: 'complete', kept: 1 },
    },
    {
      title: 'a completion that says it is text',
      kinds: ['N'],
      answers: [plain(COMPLETION, { 'content-type': 'text/plain' })],
      expect: { outcome: 'complete', kept: 1 },
    },
    broken('an event that is no JSON', 'data: {"secret-words": tru\n\n', 'BAD_JSON'),
    broken('an event that is a number', 'data: 42\n\n', 'BAD_JSON'),
    broken('an event that is null', 'data: null\n\n', 'BAD_JSON'),
    broken('an event of 100,000 levels', `data: {"choices":[],"x":${deep}}\n\n`, 'DEPTH'),
    ...['-1', '1.5', '"0"', '1e9', '4294967295'].map((index) =>
      broken(`a call of index ${index}`, call(`"index":${index},`), 'BAD_INDEX'),
    ),
    broken(
      'a choice of index 128',
      'data: {"choices":[{"index":128,"delta":{"content":"secret-words"},"finish_reason":null}]}\n\n',
      'BAD_INDEX',
    ),
    {
      title: 'a plain answer that is no JSON',
      kinds: ['N'],
      answers: [plain('{"secret-words": tru')],
      expect: { outcome: 'protocol/BAD_JSON', phase: 'body', status: 200, hides: 'secret-words', kept: 1 },
    },
    {
      title: 'a plain answer of 100,000 levels',
      kinds: ['N'],
      answers: [plain(`{"choices":[],"x":${deep}}`)],
      expect: { outcome: 'protocol/DEPTH', phase: 'body', status: 200, kept: 1 },
    },
    {
      title: 'a plain answer that is an array',
      kinds: ['N'],
      answers: [plain('[1]')],
      expect: { outcome: 'protocol/NOT_API', phase: 'first-event', kept: 1 },
    },
    whole(
      'comments, pings and empty data',
      stream(': ka\n\n', 'event: ping\n\n', 'data:\n\n', FIRST, 'data: \n\n', SECOND, THIRD, FINISH, DONE),
    ),
    whole('a byte order mark', stream('\uFEFF', ALL)),
    whole('lines that end in CRLF', stream(ALL.replaceAll('\n', '\r\n'))),
    whole('lines that end in CR', stream(ALL.replaceAll('\n', '\r'))),
    whole('reads of one byte', [{ write: streamHead() }, { write: chunked(ALL) + LAST_CHUNK, sliceBytes: 1 }]),
    {
      title: 'a plain answer in reads of one byte',
      kinds: ['N'],
      answers: [[{ write: plainHead() + chunked(COMPLETION) + LAST_CHUNK, sliceBytes: 1 }]],
      expect: { outcome: 'complete', kept: 1 },
    },
    whole('a line that is no field', stream(FIRST, 'what is this\n\n', SECOND, THIRD, FINISH, DONE), ['ignored-line']),
    {
      title: 'bytes that are no UTF-8',
      kinds: ['S'],
      answers: [
        [
          { write: streamHead() + chunked(FIRST + SECOND + THIRD) },
          {
            write: chunked(
              Uint8Array.from([
                ...new TextEncoder().encode(': '),
                0xc3,
                0x28,
                0xff,
                ...new TextEncoder().encode('\n\n'),
              ]),
            ),
          },
          { write: chunked(FINISH + DONE) + LAST_CHUNK },
        ],
      ],
      expect: { outcome: 'complete', warnings: ['invalid-utf8:2'], kept: 1 },
    },
    {
      title: 'an event that does not end: 33 MiB',
      kinds: ['S'],
      answers: [
        [
          { write: streamHead({ framing: 'close' }) + FIRST + 'data: ' },
          { write: 'x'.repeat(1_048_576), times: 64 },
          'stall',
        ],
      ],
      expect: { outcome: 'limit/EVENT', phase: 'stream', text: ONE },
    },
    {
      title: 'a first event that does not end: 33 MiB',
      answers: [
        [{ write: `${streamHead({ framing: 'close' })}data: ` }, { write: 'x'.repeat(1_048_576), times: 64 }, 'stall'],
      ],
      expect: { outcome: 'limit/EVENT', phase: 'first-event' },
    },
    {
      title: 'a plain answer that does not end: 64 MiB',
      kinds: ['N'],
      answers: [
        [{ write: `${plainHead({ framing: 'close' })}{"x":"` }, { write: 'x'.repeat(1_048_576), times: 96 }, 'stall'],
      ],
      expect: { outcome: 'limit/BODY', phase: 'body' },
    },
    {
      title: 'comments and no event: 1 MiB',
      answers: [
        [{ write: streamHead({ framing: 'close' }) }, { write: `: ${'x'.repeat(65_533)}\n`, times: 64 }, 'stall'],
      ],
      expect: { outcome: 'limit/BODY', phase: 'first-event' },
    },
    {
      title: 'gzip that was not asked for',
      answers: { S: [gzipped(ALL)], N: [gzipped(COMPLETION)] },
      expect: { outcome: 'complete', kept: 1 },
    },
    {
      title: 'gzip that is cut by FIN in its head',
      answers: { S: [gzipped(ALL, 'cut')], N: [gzipped(COMPLETION, 'cut')] },
      expect: { outcome: 'truncated', phase: 'first-event', attempts: 3, waits: server(2), gaveUp: 'attempts' },
    },
    {
      title: 'an encoding that was not asked for: br',
      answers: { S: [gzipped(ALL, 'open', 'br')], N: [gzipped(COMPLETION, 'open', 'br')] },
      expect: { outcome: 'protocol/NOT_API', phase: 'headers' },
      except: { fetch: OWN_INFLATION },
    },
    {
      title: 'two encodings',
      answers: { S: [gzipped(ALL, 'open', 'gzip, gzip')], N: [gzipped(COMPLETION, 'open', 'gzip, gzip')] },
      expect: { outcome: 'protocol/NOT_API', phase: 'headers' },
      except: { fetch: OWN_INFLATION },
    },
    {
      title: 'what inflates two-hundredfold beyond 8 MiB',
      answers: {
        S: [gzipped(FIRST + ' '.repeat(20 * 1_048_576), 'open')],
        N: [gzipped(`{"x":"${' '.repeat(20 * 1_048_576)}"}`, 'open')],
      },
      expect: { outcome: 'limit/INFLATED', phase: 'stream', text: ONE },
      except: { N: { phase: 'body', text: '' }, fetch: OWN_INFLATION },
    },
    {
      title: 'the same object twice in a stream of events of another kind',
      kinds: ['S'],
      answers: [stream(sseEvent({ choices: [] }), ALL)],
      expect: { outcome: 'complete', text: TRUTH, kept: 1 },
    },
  ],
}
