import { expect, test } from 'vitest'
import { formatTable, interleave, quartiles } from './rounds.ts'

test('every candidate is measured once a round, and the warm-up does not count', async () => {
  const order: number[] = []
  const samples = await interleave(3, 2, 1, (candidate) => {
    order.push(candidate)
    return Promise.resolve(order.length)
  })
  expect(order).toEqual([0, 1, 2, 1, 2, 0, 2, 0, 1])
  expect(samples).toEqual([
    [6, 8],
    [4, 9],
    [5, 7],
  ])
})

test('median and spread', () => {
  expect(quartiles([5, 1, 3, 2, 4])).toEqual({ median: 3, spread: 2 / 3 })
})

test('a table', () => {
  expect(
    formatTable([
      ['', 'a'],
      ['x', '1'],
    ]),
  ).toBe('|  | a |\n| --- | ---: |\n| x | 1 |')
})
