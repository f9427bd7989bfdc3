import type { TokenSource } from '@geminate/core'
import type { Finding } from './diagnosis.ts'

/** The credentials of a diagnosis, so that they can be kept out of what it says. */
export type Secrets = {
  /** The same source; its tokens are remembered. */
  watch(source: TokenSource): TokenSource
  /** Whether a source that is watched has given a token. */
  hasToken(): boolean
  removedFrom(finding: Finding): Finding
}

/** What is shorter is no secret, and may be part of any word. */
const MIN_LENGTH = 8

/** Secrets of which a key may be known from the start. */
export function createSecrets(apiKey: string | null | undefined): Secrets {
  const known = new Set<string>()
  let hasToken = false
  const keep = (secret: unknown): void => {
    // Not all sources are written in TypeScript.
    if (typeof secret === 'string' && secret.length >= MIN_LENGTH) known.add(secret)
  }
  keep(apiKey)
  const clean = (text: string): string => [...known].reduce((rest, secret) => rest.replaceAll(secret, 'REDACTED'), text)
  return {
    watch: (source) => async (options) => {
      const token = await source(options)
      keep(token?.token)
      hasToken = typeof token?.token === 'string'
      return token
    },
    hasToken: () => hasToken,
    removedFrom({ says, command, ...finding }) {
      return { ...finding, says: clean(says), ...(command !== undefined && { command: clean(command) }) }
    },
  }
}
