import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createThoughtSplitter } from './thought-splitter.ts'

type Piece = string | [flagged: string]

function split(marker: string | undefined, pieces: Piece[]): { text: string; thought: string } {
  const found = { text: '', thought: '' }
  const splitter = createThoughtSplitter(marker, (type, text) => (found[type] += text))
  for (const piece of pieces) splitter.push(typeof piece === 'string' ? piece : piece[0], typeof piece !== 'string')
  splitter.end()
  return found
}

describe('by the marker that the request set', () => {
  test.each<[string, Piece[], { text: string; thought: string }]>([
    ['a thought and an answer', ['<think>hm</think>4'], { thought: 'hm', text: '4' }],
    [
      'the recorded head: tag, line feed, flag',
      [['<think>\n**A**\n\n'], '</think>4'],
      { thought: '**A**\n\n', text: '4' },
    ],
    ['closed at the head of a flagged delta', [['<think>\nhm'], ['</think>4']], { thought: 'hm', text: '4' }],
    ['never closed', ['<think>hm'], { thought: 'hm', text: '' }],
    ['the flag goes out without a closing tag', [['<think>\nhm'], '4'], { thought: 'hm', text: '4' }],
    ['flagged in the middle without a tag', [['<think>a'], ['b'], '</think>4'], { thought: 'ab', text: '4' }],
    ['unflagged in the middle', ['<think>a', 'b', '</think>4'], { thought: 'ab', text: '4' }],
    ['blanks behind the closing tag are dropped', ['<think>a</think>\n\n', '4 '], { thought: 'a', text: '4 ' }],
    ['two thoughts in a row', ['<think>a</think>\n<think>b</think>4'], { thought: 'ab', text: '4' }],
    ['no thought at all', ['just text'], { thought: '', text: 'just text' }],
    ['a tag in the answer is text', ['4 <think>x</think>'], { thought: '', text: '4 <think>x</think>' }],
    ['what only begins like a tag', ['<thi', 's is text'], { thought: '', text: '<this is text' }],
    ['an end that only begins like a tag', ['<think>a</thi'], { thought: 'a</thi', text: '' }],
    ['a text that ends as the beginning of a tag', ['<thin'], { thought: '', text: '<thin' }],
    ['blanks before a text that is no tag', ['  x'], { thought: '', text: '  x' }],
  ])('%s', (_, pieces, expected) => {
    expect(split('think', pieces)).toEqual(expected)
  })

  test('is the same however the text is cut', () => {
    const word = fc.constantFrom('<think>', '</think>', '<', '</', 'think>', '\n', ' ', 'a', 'answer', '😀')
    fc.assert(
      fc.property(fc.array(word), fc.array(fc.nat({ max: 60 })), (words, marks) => {
        const text = words.join('')
        const at = [...new Set(marks)].sort((a, b) => a - b)
        const pieces = [0, ...at].map((from, i) => text.slice(from, at[i]))
        expect(split('think', pieces)).toEqual(split('think', [text]))
      }),
    )
  })
})

describe('by the flag', () => {
  test.each<[string, Piece[], { text: string; thought: string }]>([
    ['untagged', [['hm'], '4'], { thought: 'hm', text: '4' }],
    ['tagged unasked, as AI Studio does', [['<thought>a'], ['b'], '</thought>4'], { thought: 'ab', text: '4' }],
    ['tags cut in two', [['<thou'], ['ght>a'], '</tho', 'ught>4'], { thought: 'a', text: '4' }],
    ['a closing tag cut between flagged and unflagged', [['<thought>a</tho'], 'ught>4'], { thought: 'a', text: '4' }],
    ['an answer, then another thought', [['a'], '4', ['b'], '5'], { thought: 'ab', text: '45' }],
    ['what was held of a flagged text, when the flag goes out', [['<'], '<'], { thought: '<', text: '<' }],
    ['a closing tag behind blanks', [['<thought>a'], '\n', ' </thou', 'ght>4'], { thought: 'a\n ', text: '4' }],
    ['blanks before an answer without tags', [['a'], '\n', ' ', '4'], { thought: 'a', text: '\n 4' }],
    ['blanks, when the flag comes on', ['  ', ['hm'], '4'], { thought: 'hm', text: '  4' }],
    ['a flagged text that only ends like a tag', [['a</tho'], '4'], { thought: 'a</tho', text: '4' }],
  ])('%s', (_, pieces, expected) => {
    expect(split(undefined, pieces)).toEqual(expected)
  })

  test('is by the flag alone, where no tag is about', () => {
    const piece = fc.record({
      text: fc.string({ unit: fc.constantFrom('<', '/', 't', ' ', '\n', '>') }),
      flagged: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const joined = (flagged: boolean) => pieces.map((each) => (each.flagged === flagged ? each.text : '')).join('')
        expect(
          split(
            undefined,
            pieces.map(({ text, flagged }) => (flagged ? [text] : text)),
          ),
        ).toEqual({
          text: joined(false),
          thought: joined(true),
        })
      }),
    )
  })

  test('a text that merely begins with a tag is no thought', () => {
    expect(split(undefined, ['<thought>x</thought>4'])).toEqual({ thought: '', text: '<thought>x</thought>4' })
  })
})
