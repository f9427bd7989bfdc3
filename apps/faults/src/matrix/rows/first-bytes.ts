import type { Step } from '@geminate/emulator/faults'
import type { Expected, FaultRow, RowGroup } from '../fault-row.ts'
import { GOOD, READ, thenGood } from '../wire.ts'
import { server } from './waits.ts'

const reset: Expected = {
  outcome: 'connect/RESET',
  phase: 'send',
  attempts: 3,
  connections: 3,
  waits: server(2),
  gaveUp: 'attempts',
}

function breaks(title: string, ...steps: Step[]): FaultRow {
  return { title, answers: [steps], expect: reset }
}

const NO_REPEAT: Partial<Expected> = { attempts: 2, waits: server(1) }

/** On a connection that has carried a call before. */
function staleThen(title: string, steps: Step[], row: Omit<FaultRow, 'title' | 'warm' | 'answers'>): FaultRow {
  return { title, warm: 'kept', answers: thenGood(steps), ...row }
}

const repeated: Omit<FaultRow, 'title'> = {
  expect: { outcome: 'complete', attempts: 2, connections: 1, kept: 1 },
  // A fetch does not tell whether a connection was used before.
  except: { fetch: NO_REPEAT },
}

const notHttp: Expected = {
  outcome: 'protocol/NOT_API',
  phase: 'headers',
  connections: 1,
  says: 'does not speak HTTP',
  hides: 'OpenSSH',
}

/** Node's own fetch connects again where a request was given up, before anybody asks. */
const SPARE: Partial<Expected> = { connections: undefined }

const OWN_PARSER = 'only a socket shows it: a given fetch has limits of its own'

export const firstBytes: RowGroup = {
  title: 'Before the answer begins',
  rows: [
    breaks('RST at the first byte of the request', { at: 'connect' }, { receive: 1 }, 'reset'),
    breaks('FIN at the first byte of the request', { at: 'connect' }, { receive: 1 }, 'fin'),
    breaks('RST in the place of an answer', 'reset'),
    breaks('FIN in the place of an answer', 'fin'),
    breaks('RST in the status line', { write: 'HTTP/1.1 20' }, READ, 'reset'),
    breaks('FIN in the status line', { write: 'HTTP/1.1 20' }, 'fin'),
    breaks('RST in the headers', { write: 'HTTP/1.1 200 OK\r\ncontent-ty' }, READ, 'reset'),
    breaks('FIN in the headers', { write: 'HTTP/1.1 200 OK\r\ncontent-ty' }, 'fin'),
    breaks('RST behind an informational answer', { write: 'HTTP/1.1 103 Early Hints\r\n\r\n' }, READ, 'reset'),
    breaks('FIN behind an informational answer', { write: 'HTTP/1.1 103 Early Hints\r\n\r\n' }, 'fin'),
    {
      title: 'RST once, and then a good answer',
      answers: thenGood(['reset']),
      expect: { outcome: 'complete', attempts: 2, waits: server(1), kept: 1 },
    },
    staleThen('a connection that was used before: RST', ['reset'], repeated),
    staleThen('a connection that was used before: FIN', ['fin'], repeated),
    {
      title: 'a connection that was used before breaks, and the new one too',
      warm: 'kept',
      answers: thenGood(['reset'], ['reset']),
      expect: { outcome: 'complete', attempts: 3, connections: 2, waits: server(1), kept: 1 },
      except: { fetch: { waits: server(2) } },
    },
    {
      title: 'a connection that was used before breaks, and the new ones all do',
      warm: 'kept',
      answers: [['reset']],
      expect: { ...reset, attempts: 4 },
      except: { fetch: { attempts: 3, connections: 2 } },
    },
    {
      title: 'a connection that was used before breaks, and the server is busy',
      warm: 'kept',
      answers: thenGood(['reset'], [{ write: 'HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n' }]),
      expect: { outcome: 'complete', attempts: 3, connections: 1, waits: server(1), kept: 1 },
      except: { fetch: { waits: server(2) } },
    },
    {
      title: 'a connection that was used before breaks in the headers',
      warm: 'kept',
      answers: thenGood([{ write: 'HTTP/1.1 200 OK\r\n' }, READ, 'reset']),
      expect: { outcome: 'complete', attempts: 2, connections: 1, waits: server(1), kept: 1 },
    },
    {
      title: 'a connection that is kept is closed by the server between two calls',
      warm: 'closed',
      answers: thenGood(),
      expect: { outcome: 'complete', connections: 1, kept: 1 },
    },
    {
      title: 'the headers never come, and the attempt had 90 s',
      answers: [['stall']],
      options: { attemptTimeoutMs: 90_000 },
      moments: [{ when: { requests: 1 }, act: { expire: 90_000 } }],
      expect: { outcome: 'timeout/FIRST_EVENT', phase: 'headers' },
    },
    {
      title: 'the headers never come, and the attempt had 30 s',
      answers: [['stall']],
      options: { attemptTimeoutMs: 30_000 },
      moments: [
        { when: { requests: 1 }, act: { expire: 30_000 } },
        { when: { requests: 2 }, act: { expire: 30_000 } },
      ],
      expect: {
        outcome: 'timeout/FIRST_EVENT',
        phase: 'headers',
        attempts: 2,
        connections: 2,
        waits: server(1),
        gaveUp: 'attempts',
      },
      except: { fetch: SPARE },
    },
    {
      title: 'the headers never come, and no limit is given',
      kinds: ['S'],
      answers: [['stall']],
      moments: [{ when: { requests: 1 }, act: { expire: 600_000 } }],
      expect: { outcome: 'timeout/FIRST_EVENT', phase: 'headers' },
    },
    {
      title: 'the headers come after 500 s of thinking',
      answers: { S: [[{ wait: 'thought' }, ...GOOD.S]], N: [[{ wait: 'thought' }, ...GOOD.N]] },
      moments: [
        { when: { gate: 'thought' }, act: { pass: 500_000 } },
        { when: { gate: 'thought' }, act: { open: 'thought' } },
      ],
      expect: { outcome: 'complete', kept: 1 },
    },
    {
      title: "the call's time ends before the headers",
      answers: [['stall']],
      call: { deadlineMs: 5000 },
      moments: [{ when: { requests: 1 }, act: { expire: 5000 } }],
      expect: { outcome: 'timeout/DEADLINE', phase: 'headers' },
    },
    {
      title: 'ten informational answers first',
      answers: {
        S: [[{ write: 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n', times: 10 }, ...GOOD.S]],
        N: [[{ write: 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n', times: 10 }, ...GOOD.N]],
      },
      expect: { outcome: 'complete', kept: 1 },
    },
    {
      title: 'another protocol answers, as SSH does',
      answers: [[{ write: 'SSH-2.0-OpenSSH_9.6\r\n' }, 'stall']],
      expect: notHttp,
    },
    { title: 'what answers is no HTTP', answers: [[{ write: 'hello\r\n\r\n' }, 'stall']], expect: notHttp },
    {
      title: 'a header is none',
      answers: [[{ write: 'HTTP/1.1 200 OK\r\nbad header\r\n\r\n' }, 'stall']],
      expect: notHttp,
    },
    {
      title: 'two lengths that differ',
      answers: [[{ write: 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\nContent-Length: 6\r\n\r\nhello' }, 'stall']],
      expect: notHttp,
    },
    {
      title: 'the protocol is changed unasked',
      answers: [[{ write: 'HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n' }, 'stall']],
      expect: notHttp,
      except: { fetch: OWN_PARSER },
    },
    {
      title: 'more than 16 KiB of headers',
      answers: [[{ write: `HTTP/1.1 200 OK\r\nx-a: ${'x'.repeat(20_000)}\r\n\r\n` }, 'stall']],
      expect: { outcome: 'limit/HEADERS', phase: 'headers', connections: 1, retryable: false },
      except: { fetch: OWN_PARSER },
    },
  ],
}
