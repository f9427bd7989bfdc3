import type { Handler, Token } from '@geminate/core'
import { askMetadataServer, namedMetadataServer } from './ask-metadata-server.ts'
import { httpClientsOf } from './google-client.ts'
import type { GoogleClient, Library } from './google-client.ts'
import { metadataUnavailable, toAuthError } from './to-auth-error.ts'
import { toToken } from './to-token.ts'
import type { TokenClock } from './token-clock.ts'
import { watchRequests } from './watch-requests.ts'
import type { Seen } from './watch-requests.ts'
import { within } from './within.ts'

/** A metadata server is on this machine's link: it is there at once or not at all. */
const METADATA_LIMIT_MS = 3000

/** What one try for a token needs. */
export type TokenTry = {
  open: (library: Library) => Promise<GoogleClient>
  signal: AbortSignal
  fetch: Handler | undefined
  clock: TokenClock
  env: Record<string, string | undefined>
}

/**
 * Asks Google for a token, once: one request to each endpoint that the credential needs. Rejects with a `GeminateError`
 * that holds nothing of the credential.
 */
export async function fetchGoogleToken(one: TokenTry): Promise<Token> {
  const { clock, fetch } = one
  const seen: Seen = {}
  let opened: GoogleClient | undefined
  try {
    const library = await import('google-auth-library')
    opened = await open(library, one)
    if (opened.kind === 'metadata') {
      await fromMetadataServer(library, one, seen)
    } else {
      watchRequests(httpClientsOf(opened.client), { signal: one.signal, fetch, seen })
      await opened.getToken()
    }
    return toToken(seen.last, clock.now(), opened.client.quotaProjectId)
  } catch (error) {
    throw toAuthError({ error, kind: opened?.kind, seen, now: clock.now() })
  }
}

async function open(library: Library, one: TokenTry): Promise<GoogleClient> {
  try {
    return await one.open(library)
  } catch (error) {
    // The library remembers for the life of the process that it found no metadata server, also one that was only late.
    library.gcpMetadata.resetIsAvailableCache()
    const isUnfound = error instanceof Error && error.message.startsWith('Could not load the default credentials')
    const isWanted = namedMetadataServer(one.env) && one.env['METADATA_SERVER_DETECTION'] !== 'none'
    if (isUnfound && isWanted) throw metadataUnavailable('no answer')
    throw error
  }
}

function fromMetadataServer(library: Library, { clock, fetch, signal, env }: TokenTry, seen: Seen): Promise<void> {
  return within(clock, {
    work: (late) => {
      const http = new library.gaxios.Gaxios()
      watchRequests([http], { signal: AbortSignal.any([signal, late]), fetch, seen })
      return askMetadataServer(http, env)
    },
    limitMs: METADATA_LIMIT_MS,
    error: () => metadataUnavailable(`no answer within ${METADATA_LIMIT_MS / 1000} s`),
    // The limit of the try keeps the process alive where somebody waits.
    background: true,
  })
}
