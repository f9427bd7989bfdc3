import type { TokenSource } from '@geminate/core'

/** The credentials of a diagnosis, so that they can be kept out of what it says. */
export type Secrets = {
  /** The same source; its tokens are remembered. */
  watch(source: TokenSource | undefined): TokenSource | undefined
  removedFrom(text: string): string
}

/** Secrets of which a key may be known from the start. */
export function createSecrets(apiKey: string | undefined): Secrets {
  const known = new Set(apiKey ? [apiKey] : [])
  return {
    watch: (source) =>
      source &&
      (async (options) => {
        const token = await source(options)
        // Not all sources are written in TypeScript.
        if (typeof token?.token === 'string' && token.token !== '') known.add(token.token)
        return token
      }),
    removedFrom: (text) => [...known].reduce((rest, secret) => rest.replaceAll(secret, 'REDACTED'), text),
  }
}
