import type { GeminateError } from '@geminate/core'
import { look } from './commands.ts'
import type { Asked, Blame } from './diagnosis.ts'

const UNUSED_PROXY =
  'HTTPS_PROXY is set, and calls do not go through it. With setGlobalDispatcher(new EnvHttpProxyAgent()) of undici, and the option `fetch: fetch`, they do.'

/** What is to blame where something else than the endpoint answered, or nothing; undefined where it did answer. */
export function blameWay(error: GeminateError, asked: Asked): Blame | undefined {
  const { code, reason = '', status, details, message } = error
  const { host } = new URL(asked.origin)
  const at = (says: string): Blame => ({ check: 'host', says, command: look(asked) })
  if (reason.startsWith('TLS_')) return blameTls(reason, host, at(message))
  if (code === 'connect' || code === 'timeout') return at(asked.hasProxy ? `${message} ${UNUSED_PROXY}` : message)
  const [page] = (details ?? []) as { title?: unknown }[]
  if (status === 404 && reason === 'NOT_API' && String(page?.title).startsWith('Error 404 (Not Found)')) {
    return at(`The host ${host} does not know the path. Check location and base URL.`)
  }
  if (status !== undefined && status >= 500 && !isPage(page)) {
    return at(`The endpoint answers ${status}, which is no matter of the set-up. Try again later.`)
  }
  // A server of one's own may stand behind another that asks for the credential.
  if (status === 401 && !asked.isVertex && asked.surface !== 'ai-studio') return undefined
  // An answer of an API has a name for its status; the words of a proxy have none.
  const isNamed = /The endpoint answered \d+ \w/.test(message)
  // What it says besides is for `blameRefusal` to tell: it may be about the model.
  const isOwn = asked.surface === 'self-deployed' && !asked.isVertex
  if (status === 404 && isOwn && /answered 404: (?!Not Found\.)/.test(message)) return undefined
  if (status === 404 && !isNamed && !isPage(page) && isOwn) {
    return at(`The server at ${host} does not know the path. Check the base URL: that of vLLM and TGI ends in \`/v1\`.`)
  }
  const isNone = ['protocol', 'limit', 'truncated'].includes(code) || status === 407 || isPage(page) || !isNamed
  return isNone ? noApi(asked) : undefined
}

/** What answers is something else. */
export function noApi(asked: Asked): Blame {
  const isForeign = asked.surface === 'self-deployed' && !asked.isVertex
  const what = isForeign ? 'a server that speaks this wire' : "Google's API"
  const says = `What answers at ${new URL(asked.origin).host} is not ${what}: a proxy or a sign-in page in between, or another server.`
  return { check: 'host', says, command: look(asked) }
}

function blameTls(reason: string, host: string, look: Blame): Blame {
  if (/CERT_(?:HAS_EXPIRED|NOT_YET_VALID)/.test(reason)) {
    const says = `The certificate that ${host} shows is not valid at this machine's time. Most likely the clock is wrong: let the system set it.`
    return { check: 'clock', says }
  }
  if (reason === 'TLS_CERT_ALTNAME_INVALID') {
    return { ...look, says: `The certificate that ${host} shows is for another host. Check the host name.` }
  }
  if (!/CERT|SIGNED|UNABLE_TO/.test(reason)) {
    return { ...look, says: `No certificate was shown: what answers at ${host} speaks no TLS. Check scheme and port.` }
  }
  if (/SELF_SIGNED|UNABLE_TO/.test(reason)) {
    return {
      check: 'host',
      says: `The certificate that ${host} shows is not trusted: most likely a proxy in between opens the traffic. Trust its authority.`,
      command: 'export NODE_EXTRA_CA_CERTS=PROXY_AUTHORITY.pem',
    }
  }
  return look
}

/** Whether the error was read from a web page. */
function isPage(detail: unknown): boolean {
  return typeof detail === 'object' && detail !== null && 'title' in detail
}
