import { LAST_CHUNK, chunked, httpAnswer } from '@geminate/emulator/faults'
import type { RowGroup } from '../fault-row.ts'
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

const FRAMING = 'a given fetch does not tell how a body was framed'
const lengthOf = (text: string): number => new TextEncoder().encode(text).length
const STREAMED = { 'content-type': 'text/event-stream' }
const EVIL = FIRST.replace('Hel', 'EVIL')

export const endings: RowGroup = {
  title: 'Ends that are whole, and that are not',
  rows: [
    { title: 'a good answer', answers: { S: [GOOD.S], N: [GOOD.N] }, expect: { outcome: 'complete', kept: 1 } },
    {
      title: 'a good answer on a connection that was used before',
      warm: 'kept',
      answers: { S: [GOOD.S], N: [GOOD.N] },
      expect: { outcome: 'complete', connections: 0, kept: 1 },
    },
    {
      title: 'the finish and no [DONE]',
      kinds: ['S'],
      answers: [stream(FIRST + SECOND + THIRD + FINISH)],
      expect: { outcome: 'complete', warnings: ['no-done'], kept: 1 },
    },
    {
      title: '[DONE] and no finish',
      kinds: ['S'],
      answers: [stream(FIRST + SECOND + THIRD + DONE)],
      expect: { outcome: 'complete', warnings: ['no-finish-reason'], kept: 1 },
    },
    {
      title: 'neither the finish nor [DONE]',
      kinds: ['S'],
      answers: [stream(FIRST + SECOND + THIRD)],
      expect: { outcome: 'truncated', phase: 'stream', text: TRUTH, kept: 1 },
    },
    {
      title: '[DONE] inside the text, and then a clean end',
      kinds: ['S'],
      answers: [stream(FIRST, ': data: [DONE]\n\n')],
      expect: { outcome: 'truncated', phase: 'stream', text: ONE, kept: 1 },
    },
    {
      title: '[DONE] over two data lines',
      kinds: ['S'],
      answers: [openStream(FIRST, 'data: [DO\ndata: NE]\n\n', FINISH, DONE)],
      expect: { outcome: 'protocol/BAD_JSON', phase: 'stream', text: ONE },
    },
    {
      title: '[DONE] with blanks behind it',
      kinds: ['S'],
      answers: [stream(FIRST + SECOND + THIRD + FINISH, 'data:[DONE] \t\n\n')],
      expect: { outcome: 'complete', kept: 1 },
    },
    {
      title: 'an event behind [DONE]',
      kinds: ['S'],
      answers: [openStream(ALL + EVIL)],
      expect: { outcome: 'complete', warnings: ['data-after-end'] },
    },
    {
      title: 'an event behind [DONE], in a write of its own',
      kinds: ['S'],
      answers: [[{ write: streamHead() + chunked(ALL) }, { wait: 'told' }, { write: chunked(EVIL) }, 'stall']],
      moments: [{ when: 'settled', act: { open: 'told' } }],
      expect: { outcome: 'complete' },
    },
    {
      title: 'blanks behind [DONE]',
      kinds: ['S'],
      answers: [stream(ALL, '\r\n\n')],
      expect: { outcome: 'complete', kept: 1 },
    },
    {
      title: 'the last chunk comes late',
      kinds: ['S'],
      answers: [[{ write: streamHead() + chunked(ALL) }, { wait: 'late' }, { write: LAST_CHUNK }]],
      moments: [
        { when: 'settled', act: { pass: 900 } },
        { when: 'settled', act: { open: 'late' } },
      ],
      expect: { outcome: 'complete', kept: 1 },
    },
    {
      title: 'the last chunk never comes',
      kinds: ['S'],
      answers: [[{ write: streamHead() + chunked(ALL) }, 'stall']],
      moments: [{ when: 'settled', act: { expire: 1000 } }],
      expect: { outcome: 'complete' },
    },
    {
      title: 'the connection is the frame, and ends behind [DONE]',
      kinds: ['S'],
      answers: [[{ write: streamHead({ framing: 'close' }) + ALL }, 'fin']],
      expect: { outcome: 'complete' },
    },
    {
      title: 'the connection is the frame, and ends behind the finish',
      kinds: ['S'],
      answers: [[{ write: streamHead({ framing: 'close' }) + FIRST + SECOND + THIRD + FINISH }, 'fin']],
      expect: { outcome: 'truncated', phase: 'stream', text: TRUTH },
      except: { fetch: FRAMING },
    },
    {
      title: 'the connection is the frame, and ends between two events',
      kinds: ['S'],
      answers: [[{ write: streamHead({ framing: 'close' }) + FIRST }, 'fin']],
      expect: { outcome: 'truncated', phase: 'stream', text: ONE },
    },
    {
      title: 'the connection is the frame of a plain answer',
      kinds: ['N'],
      answers: [[{ write: plainHead({ framing: 'close' }) + COMPLETION }, 'fin']],
      expect: { outcome: 'truncated', phase: 'body', attempts: 3, waits: server(2), gaveUp: 'attempts' },
      except: { fetch: FRAMING },
    },
    {
      title: 'the connection closes behind a plain answer that has its length',
      kinds: ['N'],
      answers: [[...plain(COMPLETION, { connection: 'close' }), 'fin']],
      expect: { outcome: 'complete' },
    },
    {
      title: 'more bytes than the length says',
      answers: {
        S: [[{ write: httpAnswer(200, ALL, STREAMED) + EVIL }, 'stall']],
        N: [[{ write: httpAnswer(200, COMPLETION) + '{"choices":[]}' }, 'stall']],
      },
      expect: { outcome: 'complete' },
    },
    {
      title: 'fewer bytes than the length says',
      answers: {
        S: [[{ write: streamHead({ framing: { length: lengthOf(ALL) } }) + FIRST + SECOND }, 'fin']],
        N: [[{ write: plainHead({ framing: { length: lengthOf(COMPLETION) + 1 } }) + COMPLETION }, 'fin']],
      },
      expect: { outcome: 'truncated', phase: 'stream', text: ONE + 'lo wör' },
      except: { N: { phase: 'body', attempts: 3, waits: server(2), gaveUp: 'attempts', text: '' } },
    },
    {
      title: 'a chunk whose size is none',
      answers: {
        S: [[{ write: streamHead() + chunked(FIRST) + 'zz\r\nboom\r\n' }, 'stall']],
        N: [[{ write: plainHead() + chunked(COMPLETION.slice(0, 50)) + 'zz\r\nboom\r\n' }, 'stall']],
      },
      expect: { outcome: 'truncated', phase: 'stream', text: ONE },
      except: { N: { phase: 'body', attempts: 3, waits: server(2), gaveUp: 'attempts', text: '' } },
    },
    {
      title: 'a trailer behind the last chunk',
      answers: {
        S: [[{ write: streamHead() + chunked(ALL) + '0\r\nx-checksum: 1\r\n\r\n' }]],
        N: [[{ write: plainHead() + chunked(COMPLETION) + '0\r\nx-checksum: 1\r\n\r\n' }]],
      },
      expect: { outcome: 'complete', kept: 1 },
    },
  ],
}
