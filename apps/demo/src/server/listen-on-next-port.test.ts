import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { listenOnNextPort } from './listen-on-next-port.ts'

const servers: Server[] = []

function newServer(): Server {
  const server = createServer()
  servers.push(server)
  return server
}

afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))))

test('takes the port that is free, on loopback only', async () => {
  const any = newServer()
  const port = await listenOnNextPort(any, 0)
  expect(any.address()).toMatchObject({ address: '127.0.0.1', port })
})

test('takes a later port where the first is taken', async () => {
  const first = await listenOnNextPort(newServer(), 0)
  const second = newServer()
  const port = await listenOnNextPort(second, first)
  expect(port).toBeGreaterThan(first)
  expect((second.address() as AddressInfo).port).toBe(port)
})

test('tells other failures as they are', async () => {
  await expect(listenOnNextPort(newServer(), 70_000)).rejects.toThrow(/port/i)
})
