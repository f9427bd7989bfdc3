/** Where a request asks for an answer. */
export type Place = { project: string; location: string }

const PATH = /^\/v1(?:beta1)?\/projects\/([^/]+)\/locations\/([^/]+)\/endpoints\/openapi\/chat\/completions$/
const GOOGLE_HOST = /^(?:(?:(.+)-)?aiplatform\.googleapis\.com|aiplatform\.(us|eu)\.rep\.googleapis\.com)$/

/** Project and location of a path that is served; on a Google host the location must be the host's (inferred). */
export function placeOf(request: Request): Place | undefined {
  const { pathname, hostname } = new URL(request.url)
  const [, project, location] = PATH.exec(pathname) ?? []
  if (project === undefined || location === undefined) return undefined
  const host = GOOGLE_HOST.exec(hostname)
  // The global host serves regions too, as observed.
  const served = host?.[1] ?? host?.[2]
  return served === undefined || served === location ? { project, location } : undefined
}

/** What Google's front end says to a path that it does not know. */
export function notFoundPage(): Response {
  const page = `<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error 404 (Not Found)!!1</title>
  <p><b>404.</b> <ins>That’s an error.</ins>
  <p>The requested URL was not found on this server. <ins>That’s all we know.</ins>
`
  return new Response(page, { status: 404, headers: { 'content-type': 'text/html; charset=UTF-8' } })
}
