import { accessSync, constants, mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import process from 'node:process'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

/** As much of the package's own arguments as a test wants: those switch the web's security off. */
export const browserArgs: string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export type BrowserSearch = {
  env: Record<string, string | undefined>
  isExecutable: (path: string) => boolean
  /** Gives the path of the Chromium that comes as a package, or undefined where it has none for this platform. */
  unpack: () => Promise<string | undefined>
}

/** The path of a Chromium: the one that `CHROMIUM_PATH` names, one on the `PATH`, else the packaged one. */
export async function findBrowser(search: BrowserSearch = thisMachine): Promise<string | undefined> {
  const { env, isExecutable, unpack } = search
  if (env['CHROMIUM_PATH']) return env['CHROMIUM_PATH']
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return candidates.find(isExecutable) ?? (await unpack())
}

export const thisMachine: BrowserSearch = {
  env: process.env,
  isExecutable(path) {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  },
  unpack: unpackPackaged,
}

/** Unpacks once. The package writes straight into the folder for temporary files: it gets one of its own. */
async function unpackPackaged(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  const folder = join(import.meta.dirname, '../node_modules/.cache/chromium')
  mkdirSync(folder, { recursive: true })
  const { TMPDIR } = process.env
  process.env['TMPDIR'] = folder
  try {
    const { default: chromium } = await import('@sparticuz/chromium')
    return await chromium.executablePath()
  } finally {
    if (TMPDIR === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = TMPDIR
  }
}
