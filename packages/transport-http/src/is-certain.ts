import { vertexHost } from '@geminate/core'

/**
 * Whether a host, which the location admits, is certain to be there: it is the location's shared host, or names exactly
 * the location, as dedicated (`ENDPOINT.LOCATION-…`) and private hosts (`ENDPOINT-LOCATION-…`) do (observed). Hosts of
 * another form can be called, but whoever asks for residency must not believe them.
 */
export function isCertain(location: string, host: string | undefined): boolean {
  if (host === undefined || host === vertexHost(location)) return true
  const part = '[a-z0-9-]+'
  const dedicated = `${part}\\.${location}-${part}\\.prediction`
  const own = `${part}-${location}-${part}\\.prediction\\.p`
  return new RegExp(`^(?:${dedicated}|${own})\\.vertexai\\.goog$`).test(host)
}
