import type { FaultRow, RowGroup } from '../fault-row.ts'
import { server, unsent } from './waits.ts'

const CONNECT_TIME = 'only a socket shows how long a connection takes: a given fetch has its own limit'
const OWN_AUTHORITY = 'a given fetch has its own authorities'
const NO_ROUTE = 'needs a network without a route'

/** A handshake that fails by its certificate or its protocol. */
function tls(
  title: string,
  reason: string,
  certificate: { hosts?: string[]; from?: string; until?: string } = {},
): FaultRow {
  return {
    title,
    place: { tls: certificate, trusted: reason !== 'TLS_DEPTH_ZERO_SELF_SIGNED_CERT' },
    expect: {
      outcome: `connect/${reason}`,
      phase: 'tls',
      requests: 0,
      connections: 1,
      says: '127.0.0.1',
      retryable: false,
    },
  }
}

/** A server that says this to a client's first bytes of TLS. */
function handshake(title: string, steps: NonNullable<FaultRow['answers']>, row: Omit<FaultRow, 'title'>): FaultRow {
  return { title, place: { tls: {}, trusted: true }, answers: steps, ...row }
}

const brokenHandshake: Omit<FaultRow, 'title'> = {
  expect: {
    outcome: 'connect/RESET',
    phase: 'connect',
    attempts: 3,
    requests: 0,
    connections: 3,
    waits: unsent(2),
    gaveUp: 'attempts',
  },
  // What a fetch does not tell counts as sent.
  except: { fetch: { phase: 'send', waits: server(2) } },
}

const noRoute = (route: 'EHOSTUNREACH' | 'ENETUNREACH'): Omit<FaultRow, 'title'> => ({
  place: { route },
  expect: {
    outcome: 'connect/UNREACHABLE',
    phase: 'connect',
    attempts: 3,
    requests: 0,
    waits: unsent(2),
    gaveUp: 'attempts',
    says: '127.0.0.1',
  },
  except: { undici: NO_ROUTE },
})

export const reaching: RowGroup = {
  title: 'Reaching the server',
  rows: [
    {
      title: 'the name is not found',
      place: { lookup: 'ENOTFOUND' },
      expect: {
        outcome: 'connect/DNS_NOT_FOUND',
        phase: 'dns',
        attempts: 2,
        requests: 0,
        waits: unsent(1),
        gaveUp: 'attempts',
        says: 'name.invalid',
      },
    },
    {
      title: 'the name cannot be looked up now',
      place: { lookup: 'EAI_AGAIN' },
      expect: {
        outcome: 'connect/DNS_TEMPORARY',
        phase: 'dns',
        attempts: 3,
        requests: 0,
        waits: unsent(2),
        gaveUp: 'attempts',
        says: 'name.invalid',
      },
    },
    {
      title: 'nothing listens',
      place: 'closed port',
      expect: {
        outcome: 'connect/REFUSED',
        phase: 'connect',
        attempts: 3,
        requests: 0,
        connections: 0,
        waits: unsent(2),
        gaveUp: 'attempts',
        says: '127.0.0.1',
      },
    },
    { title: 'no way leads to the host', ...noRoute('EHOSTUNREACH') },
    { title: 'no way leads to the network', ...noRoute('ENETUNREACH') },
    {
      title: 'the connection is never made: the backlog is full',
      place: 'full backlog',
      isRealTime: true,
      options: { connectTimeoutMs: 20 },
      expect: {
        outcome: 'timeout/CONNECT',
        phase: 'connect',
        attempts: 3,
        requests: 0,
        waits: unsent(2),
        gaveUp: 'attempts',
      },
      except: { fetch: CONNECT_TIME },
    },
    handshake('the TLS handshake is not answered', [[{ at: 'connect' }, { receive: 1 }, 'stall']], {
      isRealTime: true,
      options: { connectTimeoutMs: 20 },
      expect: {
        outcome: 'timeout/CONNECT',
        phase: 'connect',
        attempts: 3,
        requests: 0,
        connections: 3,
        waits: unsent(2),
        gaveUp: 'attempts',
      },
      except: { fetch: CONNECT_TIME },
    }),
    handshake('the TLS handshake is reset', [[{ at: 'connect' }, { receive: 1 }, 'reset']], brokenHandshake),
    handshake('the TLS handshake ends with FIN', [[{ at: 'connect' }, { receive: 1 }, 'fin']], brokenHandshake),
    handshake(
      'the server refuses the protocol version',
      [[{ at: 'connect' }, { receive: 1 }, { write: { base64: 'FQMBAAICRg==' } }, 'fin']],
      {
        expect: {
          outcome: 'connect/TLS_TLSV1_ALERT_PROTOCOL_VERSION',
          phase: 'tls',
          requests: 0,
          connections: 1,
          retryable: false,
        },
      },
    ),
    handshake(
      'the port speaks plain HTTP',
      [[{ at: 'connect' }, { receive: 1 }, { write: 'HTTP/1.1 400 Bad Request\r\n\r\n' }, 'fin']],
      {
        expect: {
          outcome: 'connect/TLS_WRONG_VERSION_NUMBER',
          phase: 'tls',
          requests: 0,
          connections: 1,
          retryable: false,
        },
      },
    ),
    tls('the certificate is signed by nobody', 'TLS_DEPTH_ZERO_SELF_SIGNED_CERT'),
    {
      ...tls('the certificate has expired', 'TLS_CERT_HAS_EXPIRED', { until: '2021-01-01T00:00:00Z' }),
      except: { fetch: OWN_AUTHORITY },
    },
    {
      ...tls('the certificate is not valid yet', 'TLS_CERT_NOT_YET_VALID', { from: '2049-01-01T00:00:00Z' }),
      except: { fetch: OWN_AUTHORITY },
    },
    {
      ...tls('the certificate is for another host', 'TLS_CERT_ALTNAME_INVALID', { hosts: ['example.test'] }),
      except: { fetch: OWN_AUTHORITY },
    },
  ],
}
