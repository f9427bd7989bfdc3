import { join } from 'node:path'
import process from 'node:process'
import { createServer } from 'vite'
import { createDemoTarget } from './demo-target.ts'
import { startDemo } from './start-demo.ts'

const root = join(import.meta.dirname, '../..')

// The page comes from Vite with hot reload, what is under /api from the demo's own server behind it. Vite checks `Host`
// itself; with its own origin taken over here, `Sec-Fetch-Site` still keeps other sites' pages out.
const target = await createDemoTarget(process.env['GEMINATE_TARGET'])
const demo = await startDemo({ target, port: 0, pageDir: join(root, 'dist') })
const vite = await createServer({
  root,
  server: {
    host: '127.0.0.1',
    port: 4321,
    proxy: { '/api': { target: demo.url, changeOrigin: true, headers: { origin: demo.url } } },
  },
})
await vite.listen()
console.log(`The demo talks to ${target.info.name}. ${target.info.note}`)
vite.printUrls()

async function end(): Promise<void> {
  await Promise.all([vite.close(), demo.close()])
  process.exit(0)
}
process.once('SIGINT', () => void end())
process.once('SIGTERM', () => void end())
