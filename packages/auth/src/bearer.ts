import { GeminateError } from '@geminate/core'
import type { Token, TokenSource } from '@geminate/core'
import { isTokenText } from './is-token-text.ts'

/**
 * A token source as other SDKs take one: a function that gives the token's text. The `openai` SDK takes it as `apiKey`
 * and calls it for each request, so that the token is never an old one. It knows of no refused tokens.
 *
 * Rejects with what the source rejects with, and with `config`/`BAD_TOKEN` for what cannot stand in a header.
 *
 * @see https://github.com/openai/openai-node#readme
 */
export function bearer(source: TokenSource): () => Promise<string> {
  return async () => {
    const { token } = ((await source()) ?? {}) as Partial<Token>
    if (isTokenText(token)) return token
    // Said here, because a header that is refused is often told with its content.
    throw new GeminateError('The token cannot be sent. Give it alone: without `Bearer`, blanks and line ends.', {
      code: 'config',
      reason: 'BAD_TOKEN',
      phase: 'auth',
    })
  }
}
