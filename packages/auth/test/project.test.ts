import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { setUpBareMachine, user } from './bare-machine.ts'

const machine = setUpBareMachine()
const { failureOf, open, put, routesAsked, serviceAccount, workload } = machine

const nothing = { status: 404, text: '' }

describe('the project', () => {
  test('of the environment comes before that of the file', async () => {
    put(serviceAccount())
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'from-environment')
    expect(await open().project()).toBe('from-environment')
    expect(machine.google.calls).toEqual([])
  })

  test('of the settings of gcloud comes before that of the machine', async () => {
    put(user())
    const gcloud = join(machine.folder, 'gcloud')
    writeFileSync(gcloud, `#!/bin/sh\necho '{"configuration":{"properties":{"core":{"project":"from-gcloud"}}}}'\n`)
    chmodSync(gcloud, 0o700)
    expect(await open().project()).toBe('from-gcloud')
    expect(machine.google.calls).toEqual([])
  })

  test('of the machine is asked for with the `fetch` that was given', async () => {
    put(user())
    const urls: string[] = []
    const fetch = (request: Request): Promise<Response> => {
      urls.push(request.url)
      return machine.google.fetch(request)
    }
    vi.stubEnv('GCE_METADATA_HOST', 'metadata.example')
    expect(await open({ fetch }).project()).toBe('from-metadata')
    expect(urls).toEqual(['http://metadata.example/computeMetadata/v1/project/project-id'])
  })

  test('is not believed where what answers is no metadata server', async () => {
    put(user())
    machine.google.answer('project', { text: 'evil-project' })
    expect(await open().project()).toBeUndefined()
  })

  test('of a workload is looked up with its own token', async () => {
    put(workload({ url: `${machine.google.origin}/subject` }))
    machine.google.answer('project', nothing)
    expect(await open().project()).toBe('from-resource-manager')
    expect(routesAsked()).toEqual(['project', 'subject', 'sts', 'resource-manager'])
  })

  test('is searched for once by many callers, and where there is none not again for 30 s', async () => {
    put(user())
    machine.google.answer('project', nothing)
    let time = 0
    const { project } = open({ clock: { ...machine.clock, monotonic: () => time } })
    const asked = (): number => routesAsked().filter((route) => route === 'project').length
    expect(await Promise.all([project(), project()])).toEqual([undefined, undefined])
    time = 29_999
    expect(await project()).toBeUndefined()
    expect(asked()).toBe(1)
    time = 30_000
    machine.google.answer('project', { text: 'late', headers: { 'metadata-flavor': 'Google' } })
    expect(await Promise.all([project(), project()])).toEqual(['late', 'late'])
    expect(asked()).toBe(2)
  })

  test('of the environment counts at once where a search has found none', async () => {
    put(user())
    machine.google.answer('project', nothing)
    const { project } = open()
    expect(await project()).toBeUndefined()
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'late')
    expect(await project()).toBe('late')
  })

  test('is not waited for longer than its limit: the request ends with it', async () => {
    put(user())
    machine.google.answer('project', 'hang')
    const project = open().project()
    const { closed } = await machine.google.call(1)
    machine.clock.expire()
    await closed
    expect(await project).toBeUndefined()
  })

  test('is missed for want of credentials first', async () => {
    machine.google.answer('project', nothing)
    expect(await failureOf(open().project)).toMatchObject({ code: 'auth', reason: 'NO_CREDENTIALS' })
  })
})
