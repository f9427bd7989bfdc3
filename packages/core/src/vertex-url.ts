import { GeminateError } from './geminate-error.ts'

export type VertexUrlOptions = {
  /** Project id or number. */
  project: string
  /** `global`, `us`, `eu` or a region such as `europe-west4`. */
  location: string
  /** Default `v1`. */
  apiVersion?: 'v1' | 'v1beta1' | (string & {})
}

const LOCATION = /^(?:global|us|eu|[a-z]{2,}-[a-z]+[0-9]{1,2})$/
const PROJECT = /^(?:[a-z][a-z0-9-]{4,28}[a-z0-9]|[0-9]{6,20})$/
const API_VERSION = /^v[0-9]{1,2}(?:(?:alpha|beta)[0-9]{1,2})?$/

/**
 * The managed endpoint's base URL: everything before `/chat/completions`. Whatever is no location, project or version
 * is a `config` error, so that no input can lead a request, and the token with it, to another host.
 *
 * @see https://docs.cloud.google.com/vertex-ai/generative-ai/docs/migrate/openai/overview
 */
export function vertexUrl(options: VertexUrlOptions): string {
  const { project, location, apiVersion = 'v1' } = options
  const host = vertexHost(location)
  if (typeof project !== 'string' || !PROJECT.test(project)) {
    throw config(
      'BAD_PROJECT',
      `${quote(project)} is no Google Cloud project id. Give the id (6 to 30 lower-case letters, digits and hyphens) or the project number.`,
    )
  }
  if (!API_VERSION.test(apiVersion)) {
    throw config('BAD_API_VERSION', `${quote(apiVersion)} is no API version. Give 'v1' or 'v1beta1'.`)
  }
  return `https://${host}/${apiVersion}/projects/${project}/locations/${location}/endpoints/openapi`
}

/** The host that serves a location. `us` and `eu` are multi-regions and have hosts of their own form (observed). */
export function vertexHost(location: string): string {
  if (typeof location !== 'string' || !LOCATION.test(location)) {
    throw config(
      'BAD_LOCATION',
      `${quote(location)} is no Google Cloud location. Give 'global', 'us', 'eu' or a region such as 'europe-west4'.`,
    )
  }
  if (location === 'global') return 'aiplatform.googleapis.com'
  if (location === 'us' || location === 'eu') return `aiplatform.${location}.rep.googleapis.com`
  return `${location}-aiplatform.googleapis.com`
}

function config(reason: string, message: string): GeminateError {
  return new GeminateError(message, { code: 'config', reason, phase: 'config' })
}

/** A short, printable form of a value that a caller gave. */
function quote(value: unknown): string {
  return `'${String(value)
    .slice(0, 40)
    .replaceAll(/[^\u0020-\u007E]/g, '?')}'`
}
