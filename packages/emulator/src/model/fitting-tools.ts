import type { ChatCompletionRequest, FunctionDeclaration } from '@geminate/core'
import { sourceOf } from './prompt.ts'

/** Words that say nothing about what a tool is for. */
const COMMON = new Set([
  'what',
  'when',
  'where',
  'with',
  'that',
  'this',
  'from',
  'given',
  'returns',
  'return',
  'current',
  'the',
  'for',
  'get',
  'and',
])

/** The tools that a prompt calls for: those whose name or description shares a word with it, or what the choice forces. */
export function fittingTools(
  { tools = [], tool_choice: choice = 'auto' }: ChatCompletionRequest,
  prompt: string,
): FunctionDeclaration[] {
  const functions = tools.flatMap((tool) => (tool.function ? [tool.function] : []))
  if (choice === 'none') return []
  const named = typeof choice === 'object' ? choice.function?.name : undefined
  if (named !== undefined) return functions.filter(({ name }) => name === named)
  const said = new Set(keywords(prompt))
  const fitting = functions.filter(({ name, description = '' }) =>
    keywords(`${name} ${description}`).some((word) => said.has(word)),
  )
  return choice === 'required' && fitting.length === 0 ? functions.slice(0, 1) : fitting
}

function keywords(text: string): string[] {
  const words = sourceOf(text.replaceAll('_', ' ').toLowerCase()).words
  return words.filter((word) => word.length > 2 && !COMMON.has(word))
}
