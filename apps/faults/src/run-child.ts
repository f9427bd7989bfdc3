import { execFile } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const FLAGS = [
  '--conditions=@geminate/source',
  '--expose-gc',
  '--max-old-space-size=256',
  // Code that is dropped when it has not run for a while would hide megabytes of growth.
  '--no-flush-bytecode',
]
/** Ends a child that hangs. */
const TIMEOUT_MS = 60_000

/**
 * Runs a script of this app by its sources, in a process with a heap of 256 MiB whose garbage can be collected at will, and
 * gives what it has printed, as JSON. Rejects where it fails: also where it has run out of memory.
 */
export async function runChild<T>(script: URL, ...args: string[]): Promise<T> {
  const command = [...FLAGS, fileURLToPath(script), ...args]
  const { stdout } = await promisify(execFile)(process.execPath, command, { timeout: TIMEOUT_MS })
  return JSON.parse(stdout) as T
}
