import { askMetadataServer } from './ask-metadata-server.ts'
import type { Asking } from './ask-metadata-server.ts'
import { CLOUD_PLATFORM, httpClientsOf, openDefault } from './google-client.ts'
import type { Library } from './google-client.ts'
import { watchRequests } from './watch-requests.ts'

/**
 * The project that belongs to Application Default Credentials, searched for in the library's order: their own file, the
 * settings of gcloud, the machine, the project of a workload's identity pool. Undefined where there is none. gcloud is a
 * program, which the signal does not end.
 */
export async function findProject(asking: Asking): Promise<string | undefined> {
  const library = await import('google-auth-library')
  const client = await openDefault(library).then(
    (opened) => opened.client,
    () => undefined,
  )
  if (client?.projectId) return client.projectId
  const set = await setInGcloud(library)
  if (set) return set
  const machine = await askMetadataServer(library, 'project', asking).catch(() => undefined)
  if (typeof machine === 'string' && machine !== '') return machine
  if (!(client instanceof library.BaseExternalAccountClient)) return undefined
  watchRequests(httpClientsOf(client), { ...asking, seen: {} })
  return (await client.getProjectId()) ?? undefined
}

/** The library has this as one step of its own search, of which the other steps know neither limit nor end. */
async function setInGcloud(library: Library): Promise<string | null | undefined> {
  const auth = new library.GoogleAuth({ scopes: CLOUD_PLATFORM })
  return (auth as unknown as { getDefaultServiceProjectId?(): Promise<string | null> }).getDefaultServiceProjectId?.()
}
