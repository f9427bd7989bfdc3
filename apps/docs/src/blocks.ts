import { globSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'

const ROOT = new URL('../../../', import.meta.url).pathname

/** One fenced block of a Markdown file. */
export type Block = { file: string; line: number; language: string; code: string }

/** All fenced blocks of the project's Markdown, each with the place it stands at. */
export function blocks(): Block[] {
  const files = globSync(['*.md', 'packages/*/README.md', 'apps/*/README.md'], { cwd: ROOT })
  return files.sort().flatMap((file) => blocksOf(relative('.', file), readFileSync(ROOT + file, 'utf8')))
}

function blocksOf(file: string, markdown: string): Block[] {
  const found: Block[] = []
  let open: Block | undefined
  for (const [at, line] of markdown.split('\n').entries()) {
    const fence = /^\s*```(\w*)\s*$/.exec(line)
    if (!fence) {
      if (open) open.code += `${line}\n`
    } else if (open) {
      found.push(open)
      open = undefined
    } else {
      open = { file, line: at + 1, language: fence[1] ?? '', code: '' }
    }
  }
  return found
}

/** The file that a TypeScript block is written to, where the compiler and the runner find it. */
export function blockFile(block: Block): string {
  return `blocks/${block.file.replaceAll(/\W+/g, '-')}-${block.line}.ts`
}
