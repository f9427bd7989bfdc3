import { memo, useDeferredValue } from 'react'
import type { ReactNode } from 'react'
import Markdown from 'react-markdown'
import type { Components, ExtraProps } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { CodeBlock } from './code-block.tsx'

/**
 * What an answer's Markdown becomes. A model's text is not trusted: raw HTML is shown as text, a link leads out by https
 * or mailto or nowhere, and no image is loaded, for its address could carry the chat away.
 */
const components: Components = {
  a: ({ href, children }) =>
    href ? (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    ) : (
      <span>{children}</span>
    ),
  img: ({ alt }) => <span className="image">{alt || 'Image'}</span>,
  pre: ({ node }) => <CodeBlock {...codeIn(node)} />,
  table: ({ children }) => (
    <div className="table">
      <table>{children}</table>
    </div>
  ),
  th: ({ node, children }) => <th className={alignmentOf(node?.properties)}>{children}</th>,
  td: ({ node, children }) => <td className={alignmentOf(node?.properties)}>{children}</td>,
}

const plugins = [remarkGfm]

/** A model's text as Markdown. */
export const AnswerMarkdown: (props: { text: string }) => ReactNode = memo(function AnswerMarkdown({ text }) {
  // A long answer is parsed anew as it grows: where that takes longer than the next words, states are skipped.
  const shown = useDeferredValue(text)
  return (
    <div className="markdown">
      <Markdown remarkPlugins={plugins} components={components} urlTransform={safeUrl}>
        {shown}
      </Markdown>
    </div>
  )
})

function safeUrl(url: string): string | undefined {
  const protocol = URL.parse(url)?.protocol
  return protocol === 'https:' || protocol === 'mailto:' ? url : undefined
}

type Element = NonNullable<ExtraProps['node']>

/** The text and the language of a block of code. */
function codeIn(block: Element | undefined): { text: string; language: string } {
  const code = block?.children.find((child): child is Element => child.type === 'element')
  const text = code?.children.map((child) => (child.type === 'text' ? child.value : '')).join('') ?? ''
  const { className } = code?.properties ?? {}
  const [, language = 'text'] = /language-(\S+)/.exec(String(className)) ?? []
  return { text, language }
}

/** A column's alignment as a class: the page's security policy allows no style attribute. */
function alignmentOf(properties: Record<string, unknown> | undefined): string | undefined {
  const align = properties?.['align']
  return typeof align === 'string' ? `align-${align}` : undefined
}
