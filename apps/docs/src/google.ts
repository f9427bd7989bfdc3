import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator } from '@geminate/emulator'
import { HttpRequestInterceptor } from '@mswjs/interceptors/http'
import { HttpResponse, http } from 'msw'
import { InterceptorSource, defineNetwork } from 'msw/experimental'
import { vi } from 'vitest'

/** A user's machine as the READMEs suppose it: a project and credentials in the environment, and Google behind them. */
export type Google = { enable: () => void; disable: () => void }

/** Google's hosts, answered by the emulator; no connection leaves the machine. */
export function createGoogle(): Google {
  const emulator = createEmulator()
  const network = defineNetwork({
    sources: [new InterceptorSource({ interceptors: [new HttpRequestInterceptor()] })],
    onUnhandledFrame: 'error',
    context: { quiet: true },
    handlers: [
      http.post('https://aiplatform.googleapis.com/*', async ({ request }) => {
        const response = await emulator(request)
        // Without this an interceptor tells no cut body from a whole one.
        if (response.body) response.headers.set('transfer-encoding', 'chunked')
        return response
      }),
      http.post('https://oauth2.googleapis.com/token', () =>
        HttpResponse.json({ access_token: 'emulator', expires_in: 3600, token_type: 'Bearer' }),
      ),
    ],
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
    disable() {
      network.disable()
      vi.unstubAllEnvs()
      rmSync(folder, { recursive: true })
    },
  }
}
