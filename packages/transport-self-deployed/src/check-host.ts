import { configError } from './config-error.ts'

/** The region in the names of dedicated and of private hosts (observed). Names of another form say nothing. */
const REGION = /(?:^[^.]+\.|-)([a-z]{2,}-[a-z]+[0-9]{1,2})-[^.-]+\.prediction(?:\.p)?\.vertexai\.goog$/

/** Refuses a host that serves another region than the endpoint is said to be in. */
export function checkRegion(host: string, location: string): void {
  const region = REGION.exec(host)?.[1]
  if (region === undefined || region === location) return
  throw configError('BAD_HOST', `The host serves ${region}, and the location is '${location}'. Correct one of them.`)
}

/** An invoke route is served on hosts of an endpoint's own only. */
export function noDedicatedHost(): Error {
  return configError(
    'NO_DEDICATED_HOST',
    'An invoke route is served on the dedicated host of an endpoint only. Name it as `host`, or give `host: "lookup"`.',
  )
}
