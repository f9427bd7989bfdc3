import { invalidArgument } from './google-error.ts'
import type { GoogleError } from './google-error.ts'

/** Ids that are served here; partner models as far as their names are public. */
const SERVED = [
  /^google\/gemini-2\.[05]-(?:flash|flash-lite|pro)(?:-[\w-]+)?$/,
  /^google\/gemini-3(?:\.[1-9])?-(?:flash|flash-lite|pro)(?:-[\w-]+)?$/,
  /^(?:meta|deepseek-ai|qwen|openai|moonshotai|zai-org|minimaxai|xai)\/[\w.-]+$/,
]

/** Refuses a model id without its publisher, and one that is not served. */
export function checkModel(model: unknown, place: { project: string; location: string }): GoogleError | undefined {
  const id = typeof model === 'string' ? model : ''
  if (!/^[^/]+\/[^/]+$/.test(id)) {
    return invalidArgument(
      `Malformed publisher model (\`model\`: '${id}') for the 'openapi' request endpoint ID; expected '<publisher>/<model>'.`,
    )
  }
  if (SERVED.some((pattern) => pattern.test(id))) return undefined
  const [publisher, name] = id.split('/')
  const path = `projects/${place.project}/locations/${place.location}/publishers/${publisher}/models/${name}`
  return {
    code: 404,
    message: `Publisher Model \`${path}\` was not found or your project does not have access to it. Ensure you are using a valid model name and that the model is available in the specified region. For more information, see: https://docs.cloud.google.com/gemini-enterprise-agent-platform/resources/locations.`,
    status: 'NOT_FOUND',
  }
}
