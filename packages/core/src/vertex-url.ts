import { GeminateError } from './geminate-error.ts'

/** What an endpoint's address is made of. */
export type VertexUrlOptions = {
  /** Project id or number. */
  project: string
  /** Whether an old id with a domain, such as `example.com:my-project`, is taken too. Default false. */
  allowLegacyProject?: boolean | undefined
  /** `global`, `us`, `eu` or a region such as `europe-west4`. */
  location: string
  /** Default `v1`. */
  apiVersion?: 'v1' | 'v1beta1' | (string & {}) | undefined
  /** `openapi`, which serves managed models, or the id of an endpoint: a number, or `mg-endpoint-` and a UUID. Default `openapi`. */
  endpoint?: string | undefined
  /**
   * A dedicated or private endpoint's own host, such as `123.us-central1-456.prediction.vertexai.goog`. Read it from the
   * endpoint's `dedicatedEndpointDns`: how it is built is not documented. Default: the location's host.
   */
  host?: string | undefined
  /** Whether the model was uploaded with an invoke route, which is served under `/invoke` on a dedicated host. */
  invoke?: boolean | undefined
}

const LOCATION = /^(?:global|us|eu|[a-z]{2,}-[a-z]+[0-9]{1,2})$/
const PROJECT = /^(?:[a-z][a-z0-9-]{4,28}[a-z0-9]|[0-9]{6,20})$/
const LEGACY_PROJECT = /^(?=.{1,253}$)(?:[a-z0-9-]+\.)+[a-z]{2,}:[a-z][a-z0-9-]{4,28}[a-z0-9]$/
const API_VERSION = /^v[0-9]{1,2}(?:(?:alpha|beta)[0-9]{1,2})?$/
const ENDPOINT = /^(?:openapi|[0-9]{1,20}|mg-endpoint-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/
const OWN_HOST = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+prediction(?:\.p)?\.vertexai\.goog$/
/** The region in the names of dedicated and of private hosts (observed). No part of a UUID reads so: its letters end at f. */
const REGION = /(?<=^|[.-])[a-f]*[g-z][a-z]*-[a-f]*[g-z][a-z]*[0-9]{1,2}(?=[.-])/g

/**
 * An endpoint's base URL: everything before `/chat/completions`. Whatever is no location, project, version, endpoint or
 * host of Google's is a `config` error, so that no input can lead a request, and the token with it, to another host. Of
 * an endpoint this is also the address of its resource.
 *
 * @see https://docs.cloud.google.com/vertex-ai/generative-ai/docs/migrate/openai/overview
 */
export function vertexUrl(options: VertexUrlOptions): string {
  const { project, allowLegacyProject, location, apiVersion = 'v1', endpoint = 'openapi', invoke } = options
  const host = vertexHost(location, options.host)
  check(
    project,
    allowLegacyProject && LEGACY_PROJECT.test(project) ? LEGACY_PROJECT : PROJECT,
    'BAD_PROJECT',
    'no Google Cloud project id. Give the id (6 to 30 lower-case letters, digits and hyphens) or the project number.',
  )
  check(apiVersion, API_VERSION, 'BAD_API_VERSION', "no API version. Give 'v1' or 'v1beta1'.")
  check(
    endpoint,
    ENDPOINT,
    'BAD_ENDPOINT',
    "no endpoint id. Give its number, or the id that begins with 'mg-endpoint-'.",
  )
  const route = invoke ? '/invoke/v1' : ''
  const url = `https://${host}/${apiVersion}/projects/${project}/locations/${location}/endpoints/${endpoint}${route}`
  // What passed holds no character that a URL gives a meaning to; that this platform's parser sees it so is looked at too.
  if (URL.parse(url)?.href !== url) refuse(host, 'BAD_HOST', HOST_REMEDY)
  return url
}

const HOST_REMEDY =
  "no host of this location's. Give the endpoint's `dedicatedEndpointDns`; for any other server, give a `baseUrl`."

/**
 * The host that serves a location. `us` and `eu` are multi-regions and have hosts of their own form (observed).
 *
 * @param host one that is given: the location's own, or a dedicated or private one that names no other region. Every other
 * is refused with `BAD_HOST`.
 */
export function vertexHost(location: string, host?: string): string {
  check(
    location,
    LOCATION,
    'BAD_LOCATION',
    "no Google Cloud location. Give 'global', 'us', 'eu' or a region such as 'europe-west4'.",
  )
  const shared = sharedHost(location)
  if (host === undefined || host === shared) return shared
  check(host, OWN_HOST, 'BAD_HOST', HOST_REMEDY)
  if (host.match(REGION)?.some((region) => region !== location)) refuse(host, 'BAD_HOST', HOST_REMEDY)
  return host
}

function sharedHost(location: string): string {
  if (location === 'global') return 'aiplatform.googleapis.com'
  return location.length === 2 ? `aiplatform.${location}.rep.googleapis.com` : `${location}-aiplatform.googleapis.com`
}

function check(value: unknown, form: RegExp, reason: string, remedy: string): void {
  if (typeof value !== 'string' || !form.test(value)) refuse(value, reason, remedy)
}

/** The value is said in a short, printable form. */
function refuse(value: unknown, reason: string, remedy: string): never {
  const said = (typeof value === 'string' ? value : typeof value).slice(0, 40).replaceAll(/[^\u0020-\u007E]/g, '?')
  throw new GeminateError(`'${said}' is ${remedy}`, { code: 'config', reason, phase: 'config' })
}
