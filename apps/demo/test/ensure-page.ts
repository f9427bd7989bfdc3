import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '..')

/** The folder of the built page, built now if it was not. Safe where several tests do so at once. */
export async function ensurePage(): Promise<string> {
  const pageDir = join(root, 'dist')
  if (existsSync(pageDir)) return pageDir
  const outDir = await mkdtemp(join(root, 'node_modules/.page-'))
  await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true } })
  await rename(outDir, pageDir).catch(async (error: unknown) => {
    await rm(outDir, { recursive: true })
    if (!existsSync(pageDir)) throw error
  })
  return pageDir
}
