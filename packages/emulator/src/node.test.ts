import { networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { listen } from './node.ts'
import type { ListenOptions } from './node.ts'

test('nobody outside this machine reaches it, whatever is asked for', async () => {
  const options = { port: 0, hostname: '0.0.0.0' } as ListenOptions
  const server = await listen(() => Promise.resolve(new Response('here')), options)
  const { port } = new URL(server.url)
  expect(server.url).toBe(`http://127.0.0.1:${port}`)
  expect(await (await fetch(server.url)).text()).toBe('here')
  const outside = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
  )
  for (const address of outside) await expect(fetch(`http://${address}:${port}`)).rejects.toThrow('fetch failed')
  await server.close()
})
