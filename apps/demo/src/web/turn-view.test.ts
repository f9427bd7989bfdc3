import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { TurnView } from './turn-view.tsx'
import { startTurn } from './turn.ts'
import type { Turn } from './turn.ts'

const started = startTurn(1, { prompt: 'Hello', model: 'google/gemini-2.5-flash' }, 0)
const usage = {
  prompt_tokens: 4,
  completion_tokens: 0,
  completion_tokens_details: { reasoning_tokens: 64 },
  total_tokens: 68,
}

function render(turn: Partial<Turn>): string {
  return renderToStaticMarkup(createElement(TurnView, { turn: { ...started, ...turn }, onRetry: undefined }))
}

test('an answer that thinking used up shows what it cost, and nothing to copy', () => {
  const markup = render({ phase: 'done', finish: 'length', usage })
  expect(markup).toContain('The answer was cut at its limit of tokens.')
  expect(markup).toContain('<dt>Thinking</dt><dd>64</dd>')
  expect(markup).toContain('<dt>Total</dt><dd>68 tokens</dd>')
  expect(markup).not.toContain('Copy answer')
})

test('an answer with text shows both', () => {
  const markup = render({ phase: 'done', finish: 'stop', text: 'Hi', usage })
  expect(markup).toContain('68 tokens')
  expect(markup).toContain('Copy answer')
})

test('while it runs, and where there is nothing to tell, there is no foot', () => {
  expect(render({ phase: 'answering', text: 'Hi', usage })).not.toContain('<footer')
  expect(render({ phase: 'failed', problem: 'It broke.' })).not.toContain('<footer')
})
