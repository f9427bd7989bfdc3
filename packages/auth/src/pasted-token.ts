import type { TokenSource } from '@geminate/core'

/**
 * A token source over one token, such as `gcloud auth print-access-token` prints it. Nobody knows when it ends, and there
 * is no other one when a server refuses it: tokens of gcloud live for an hour at most.
 */
export function pastedToken(token: string): TokenSource {
  const pasted = { token, expiresAt: Number.POSITIVE_INFINITY }
  return () => Promise.resolve(pasted)
}
