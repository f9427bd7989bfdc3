import dns from 'node:dns'
import { createCertificate, createFaultServer } from '@geminate/emulator/faults'
import type { Answers, FaultServer } from '@geminate/emulator/faults'
import type { ManagedOptions } from '@geminate/transport-managed'
import type { Place } from './fault-row.ts'
import { createFullBacklog } from './full-backlog.ts'

/** Where a cell's call leads to, and what the transport must be told. */
export type OpenPlace = {
  server: FaultServer
  options: Pick<ManagedOptions, 'baseUrl' | 'ca' | 'fetch'>
  close(): Promise<void>
}

const PATH = '/v1/projects/my-project/locations/global/endpoints/openapi'
const NAME = 'name.invalid'

export async function openPlace(place: Place, answers: Answers, byFetch: boolean): Promise<OpenPlace> {
  const certificate = typeof place === 'object' && 'tls' in place ? createCertificate(place.tls) : undefined
  const server = await createFaultServer(answers, certificate && { tls: certificate })
  const fetch = byFetch ? { fetch: (request: Request) => globalThis.fetch(request) } : {}
  const at = (origin: string, close?: () => Promise<void> | void): OpenPlace => ({
    server,
    options: { ...fetch, baseUrl: origin + PATH },
    async close() {
      await close?.()
      await server.close()
    },
  })

  if (place === 'closed port') {
    server.refuse()
    return at(server.url)
  }
  if (place === 'full backlog') {
    const full = await createFullBacklog()
    return at(`http://127.0.0.1:${full.port}`, full.close)
  }
  if (place === 'server') return at(server.url)
  if ('lookup' in place) return at(`https://${NAME}`, failLookup(place.lookup))
  if ('route' in place) {
    const cause = Object.assign(new Error(`connect ${place.route}`), { code: place.route })
    const open = at(server.url)
    return {
      ...open,
      options: { ...open.options, fetch: () => Promise.reject(new TypeError('fetch failed', { cause })) },
    }
  }
  const open = at(server.url)
  return place.trusted ? { ...open, options: { ...open.options, ca: certificate?.cert } } : open
}

/** Lets the look-up of the one name fail as a name server does. Gives what takes that back. */
function failLookup(code: string): () => void {
  const { lookup } = dns
  function failing(name: string, options: dns.LookupOptions, done: (error: Error | null) => void): void {
    if (name !== NAME) return lookup(name, options, done as never)
    process.nextTick(done, Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code, syscall: 'getaddrinfo' }))
  }
  Object.assign(dns, { lookup: failing })
  return () => void Object.assign(dns, { lookup })
}
