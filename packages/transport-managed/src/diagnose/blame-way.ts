import type { GeminateError } from '@geminate/core'
import type { Asked, Blame } from './diagnosis.ts'

const UNUSED_PROXY =
  'HTTPS_PROXY is set, and calls do not go through it: give a `fetch` that does, such as that of undici with a ProxyAgent.'

/** What is to blame where something else than the endpoint answered, or nothing; undefined where it did answer. */
export function blameWay(error: GeminateError, { host, hasProxy }: Asked): Blame | undefined {
  const { code, reason = '', status, details, message } = error
  const look = `curl -sSI https://${host}/`
  if (reason.startsWith('TLS_')) {
    return {
      check: 'host',
      says: `The certificate that ${host} shows is not trusted: most likely a proxy in between opens the traffic. Trust its authority.`,
      command: 'export NODE_EXTRA_CA_CERTS=PROXY_AUTHORITY.pem',
    }
  }
  if (code === 'connect' || code === 'timeout') {
    return { check: 'host', says: hasProxy ? `${message} ${UNUSED_PROXY}` : message, command: look }
  }
  const [page] = (details ?? []) as { title?: unknown }[]
  if (status === 404 && reason === 'NOT_API' && String(page?.title).startsWith('Error 404 (Not Found)')) {
    return {
      check: 'host',
      says: `The host ${host} does not know the path. Check location and base URL.`,
      command: look,
    }
  }
  if (['protocol', 'limit', 'truncated'].includes(code) || status === 407 || isPage(page)) {
    return {
      check: 'host',
      says: `What answers at ${host} is not Google's API: a proxy or a sign-in page in between, or another server.`,
      command: look,
    }
  }
  if (status !== undefined && status >= 500) {
    return { check: 'host', says: `The endpoint answers ${status}, which is no matter of the set-up. Try again later.` }
  }
  return undefined
}

/** Whether the error was read from a web page. */
function isPage(detail: unknown): boolean {
  return typeof detail === 'object' && detail !== null && 'title' in detail
}
