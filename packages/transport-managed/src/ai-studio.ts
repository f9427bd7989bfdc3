import type { Transport } from '@geminate/core'
import { checkBaseUrl, createHttpTransport } from '@geminate/transport-http'
import type { EndpointOptions } from '@geminate/transport-http'
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
  const { url, place } = checkBaseUrl(baseUrl ?? BASE_URL, { hasCredential: true })
  return createHttpTransport({
    ...http,
    target: { surface: 'ai-studio', host: place.host },
    url({ body }) {
      if (baseUrl === undefined) checkModel(body?.model)
      return url
    },
    // Options that are shared with `managed` may hold these.
    auth: undefined,
    quotaProject: undefined,
    apiKey: { key: checkApiKey(apiKey), as: 'bearer' },
  })
}

/** `models/…` is how AI Studio's own list names them, and `tunedModels/…` are one's own. */
const OWN_NAMES = ['models', 'tunedModels']

/** Observed: a 404 that does not say why. */
function checkModel(model: unknown): void {
  const parts = typeof model === 'string' ? model.split('/') : []
  if (parts.length < 2 || OWN_NAMES.includes(String(parts[0]))) return
  const name = parts.at(-1) || 'gemini-2.5-flash'
  throw configError(
    'PREFIXED_MODEL_ID',
    `AI Studio knows no '${String(model).slice(0, 80)}'. Write the model id without its publisher: '${name.slice(0, 80)}'.`,
  )
}
