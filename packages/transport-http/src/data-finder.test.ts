import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDataFinder } from './data-finder.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test.each([
  ['data: {"a":1}\n\n', true],
  ['data:x', true],
  [': data: x\n\n', false],
  [': comment\n\ndata: x\n\n', true],
  ['event: ping\n\n', false],
  ['data:\n\n', false],
  ['data: \t \n\n', false],
  ['data\n\n', false],
  ['database: x\n', false],
  ['xdata: x\n', false],
  [': a\r\ndata: x\r\n\r\n', true],
  [': a\rdata: x\r\r', true],
  ['\n\n', false],
  ['', false],
])('%j', (text, expected) => {
  expect(createDataFinder()(bytes(text))).toBe(expected)
})

test('every part of a line of data that is under way is data', () => {
  const hasData = createDataFinder()
  expect(['da', 'ta', ': ', '{"a"', ':1', '}', '\n', '\n', ': x', '\n'].map((piece) => hasData(bytes(piece)))).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ])
})

test('cuts change nothing: some piece has data exactly if the whole has', () => {
  const line = fc.constantFrom('data: x', 'data:', 'data: ', ': data: x', 'event: y', 'dat', 'data:  {"a":"b"}', '')
  const end = fc.constantFrom('\n', '\r\n', '\r')
  const text = fc.array(fc.tuple(line, end)).map((lines) => lines.flat().join(''))
  fc.assert(
    fc.property(text, fc.array(fc.nat(80)), (whole, cuts) => {
      const places = [...new Set([0, ...cuts.filter((cut) => cut < whole.length), whole.length])].sort((a, b) => a - b)
      const hasData = createDataFinder()
      const found = places.slice(1).map((place, i) => hasData(bytes(whole.slice(places[i], place))))
      expect(found.includes(true)).toBe(/(?:^|[\r\n])data:[ \t]*[^ \t\r\n]/.test(whole))
    }),
    { numRuns: 2000 },
  )
})
