import { expect, test } from 'vitest'
import { findBrowser } from './find-browser.ts'

/** Looks for a browser on a machine that has just these files. */
function find(env: Record<string, string>, files: string[] = [], packaged?: string) {
  const unpack = () => Promise.resolve(packaged)
  return findBrowser({ env, isExecutable: (path) => files.includes(path), unpack })
}

test('the path that is given wins', async () => {
  const env = { CHROMIUM_PATH: '/own/chrome', PATH: '/usr/bin' }
  expect(await find(env, ['/usr/bin/chromium'], '/packaged')).toBe('/own/chrome')
})

test('then one on the PATH, by name and then by folder', async () => {
  const env = { PATH: '/opt/bin::/usr/bin' }
  expect(await find(env, ['/opt/bin/google-chrome', '/usr/bin/chromium'], '/packaged')).toBe('/usr/bin/chromium')
  expect(await find(env, ['/opt/bin/google-chrome', '/usr/bin/chromium-browser'])).toBe('/usr/bin/chromium-browser')
  expect(await find(env, ['/opt/bin/google-chrome'])).toBe('/opt/bin/google-chrome')
})

test('then the packaged one, where there is one', async () => {
  expect(await find({ PATH: '/usr/bin' }, [], '/packaged')).toBe('/packaged')
  expect(await find({}, [])).toBeUndefined()
})
