import type { Transport } from '@geminate/core'
import { checkBaseUrl, createHttpTransport } from '@geminate/transport-http'
import type { EndpointOptions } from '@geminate/transport-http'
import { callUrl } from './base-path.ts'
import { checkApiKey } from './check-api-key.ts'
import { configError } from './config-error.ts'

export type AiStudioOptions = Omit<EndpointOptions, 'auth' | 'trustedOrigins' | 'quotaProject'> & {
  /** A key of AI Studio, sent as bearer token and never refreshed. */
  apiKey: string
}

const BASE_URL = 'https://generativelanguage.googleapis.com/v1beta/openai'

/**
 * AI Studio's OpenAI-compatible endpoint: Gemini with an API key in place of a project. Its model ids stand alone, such as
 * `gemini-2.5-flash`, and it answers 400 to parameters that it does not know (observed) where Vertex AI ignores them.
 *
 * Throws `config` errors: `BAD_API_KEY`, `BAD_BASE_URL`, `UNTRUSTED_ORIGIN`. A call rejects with `PREFIXED_MODEL_ID` for a
 * model id with a publisher, unless it goes to a `baseUrl`.
 *
 * @see https://ai.google.dev/gemini-api/docs/openai
 */
export function aiStudio({ apiKey, baseUrl, ...http }: AiStudioOptions): Transport {
  const base = checkBaseUrl(baseUrl ?? BASE_URL, true, [])
  const url = callUrl(base)
  return createHttpTransport({
    ...http,
    target: { surface: 'ai-studio', host: base.host },
    url({ body }) {
      if (baseUrl === undefined) checkModel(body?.model)
      return url
    },
    // Options that are shared with `managed` may hold one.
    auth: undefined,
    apiKey: { key: checkApiKey(apiKey), as: 'bearer' },
  })
}

/** Observed: a 404 that does not say why. */
function checkModel(model: unknown): void {
  const [publisher, name] = typeof model === 'string' ? model.split('/') : []
  // `models/…` is how AI Studio's own list names them.
  if (publisher === undefined || name === undefined || publisher === 'models') return
  throw configError(
    'PREFIXED_MODEL_ID',
    `AI Studio knows no '${String(model).slice(0, 80)}'. Write the model id without its publisher: '${name.slice(0, 80)}'.`,
  )
}
