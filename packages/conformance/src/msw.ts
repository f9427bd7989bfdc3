import type { Handler } from '@geminate/core'
import { HttpRequestInterceptor } from '@mswjs/interceptors/http'
import { http } from 'msw'
import { InterceptorSource, defineNetwork } from 'msw/experimental'

/** The network of this process, in the hands of one handler. */
export type ReplayNetwork = {
  /** From here on every HTTP request of this process meets the mounted handler, whatever sends it. */
  enable: () => void
  disable: () => void
  /** Puts a handler, such as a scenario's, behind every address. */
  mount: (handler: Handler) => void
}

/** Mounts handlers below a client's own HTTP. A request that nothing is mounted for fails; none leaves the machine. */
export function createReplayNetwork(): ReplayNetwork {
  let mounted: Handler | undefined
  const network = defineNetwork({
    // Intercepts at the socket: the only way to meet undici's own request as well as fetch and node:http.
    sources: [new InterceptorSource({ interceptors: [new HttpRequestInterceptor()] })],
    handlers: [http.all('*', ({ request }) => mounted?.(request) as never)],
    onUnhandledFrame: 'error',
    context: { quiet: true },
  })
  return {
    enable: () => network.enable(),
    disable: () => network.disable(),
    mount(handler) {
      mounted = handler
    },
  }
}
