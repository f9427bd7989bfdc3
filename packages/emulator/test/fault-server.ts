import { onTestFinished } from 'vitest'
import type { Answers } from '../src/faults/byte-script.ts'
import { createFaultServer } from '../src/faults/server/node.ts'
import type { FaultServer, FaultServerOptions } from '../src/faults/server/node.ts'
import { post, rawClient } from './raw-client.ts'
import type { RawClient } from './raw-client.ts'

/** A fault server that is closed when its test is over. */
export async function serve(answers: Answers, options?: FaultServerOptions): Promise<FaultServer> {
  const server = await createFaultServer(answers, options)
  onTestFinished(() => server.close())
  return server
}

/** Such a server, and a client that has sent it one request. */
export async function ask(
  answers: Answers,
  options?: FaultServerOptions,
  request: string = post(),
): Promise<{ server: FaultServer; client: RawClient }> {
  const server = await serve(answers, options)
  const client = rawClient(server.port)
  client.socket.write(request)
  return { server, client }
}
