import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createReplayNetwork } from '@geminate/conformance/msw'
import { createEmulator } from '@geminate/emulator'
import { vi } from 'vitest'

/** A user's machine as the READMEs suppose it: a project and credentials in the environment, and Google behind them. */
export type Google = {
  enable: () => void
  disable: () => void
  /** Runs something that speaks to a server of its own on the loopback address. */
  apart: (run: () => Promise<void>) => Promise<void>
}

/** Google's hosts, answered by the emulator; no connection leaves the machine. */
export function createGoogle(): Google {
  const emulator = createEmulator()
  const network = createReplayNetwork()
  network.mount(async (request) => {
    const { origin, href } = new URL(request.url)
    if (href === 'https://oauth2.googleapis.com/token') {
      return Response.json({ access_token: 'emulator', expires_in: 3600, token_type: 'Bearer' })
    }
    if (origin !== 'https://aiplatform.googleapis.com') return Response.error()
    const response = await emulator(request)
    // Without this an interceptor tells no cut body from a whole one.
    if (response.body) response.headers.set('transfer-encoding', 'chunked')
    return response
  })
  const folder = mkdtempSync(join(tmpdir(), 'geminate-docs-'))

  return {
    enable() {
      const credentials = join(folder, 'credentials.json')
      const user = { type: 'authorized_user', client_id: 'id', client_secret: 'secret', refresh_token: 'refresh' }
      writeFileSync(credentials, JSON.stringify(user))
      vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', credentials)
      vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'my-project')
      network.enable()
    },
    async apart(run) {
      network.disable()
      try {
        await run()
      } finally {
        network.enable()
      }
    },
    disable() {
      network.disable()
      vi.unstubAllEnvs()
      rmSync(folder, { recursive: true })
    },
  }
}
