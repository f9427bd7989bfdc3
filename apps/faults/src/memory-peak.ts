import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'

const STATUS = '/proc/self/status'

/**
 * Begins to watch the resident memory of this process. Gives a function that says by how many bytes it has grown at its
 * peak.
 *
 * Linux tells the peak that `resourceUsage` gives from before a process was what it is: that of its parent, where that was
 * larger. The one of its own stands in `/proc`, and can be reset.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html
 */
export function watchMemoryPeak(): () => number {
  globalThis.gc?.()
  if (existsSync(STATUS)) writeFileSync('/proc/self/clear_refs', '5')
  const before = process.memoryUsage.rss()
  return () => peak() - before
}

/** In bytes. */
function peak(): number {
  if (!existsSync(STATUS)) return process.resourceUsage().maxRSS * 1024
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(STATUS, 'utf8'))?.[1]) * 1024
}
