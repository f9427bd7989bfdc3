/** Writes the TypeScript blocks of the READMEs to files, so that they are compiled and run as they stand. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { blockFile, blocks } from './blocks.ts'

rmSync('blocks', { recursive: true, force: true })
mkdirSync('blocks')
for (const block of blocks()) {
  if (block.language === 'ts')
    writeFileSync(blockFile(block), `// ${block.file}, line ${block.line}\n${block.code}export {}\n`)
}
