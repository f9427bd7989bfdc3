import type { Token } from '@geminate/core'
import { askMetadataServer, namedMetadataServer } from './ask-metadata-server.ts'
import type { Asking } from './ask-metadata-server.ts'
import { httpClientsOf } from './google-client.ts'
import type { GoogleClient, Library } from './google-client.ts'
import { metadataUnavailable, toAuthError } from './to-auth-error.ts'
import { toToken } from './to-token.ts'
import { watchRequests } from './watch-requests.ts'
import type { Seen } from './watch-requests.ts'

/** What one try for a token needs. */
export type TokenTry = Asking & { open: (library: Library) => Promise<GoogleClient> }

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
      await askMetadataServer(library, 'token', one, seen)
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
