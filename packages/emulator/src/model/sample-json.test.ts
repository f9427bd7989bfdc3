import { describe, expect, test } from 'vitest'
import { sampleJson } from './sample-json.ts'

const source = { words: ['Weather', 'in', 'paris'], numbers: [3] }

test.each<[string, unknown, unknown]>([
  ['an object', { properties: { a: { type: 'integer' }, b: { type: 'boolean' } } }, { a: 3, b: true }],
  ['a list', { type: 'array', items: { type: 'number' }, minItems: 3 }, [3, 3, 3]],
  ['a short list', { type: 'array', items: { type: 'number' }, maxItems: 1 }, [3]],
  ['a value of several', { enum: ['london', 'paris'] }, 'paris'],
  ['a value that is no text', { enum: [{ toString: 1 }, 2] }, { toString: 1 }],
  ['none of none', { enum: [] }, null],
  ['a format', { type: 'string', format: 'date' }, '2026-01-02'],
  ['a format that is not known', { type: 'string', format: 'constructor' }, 'Weather'],
  ['a reference', { $ref: '#/$defs/a', $defs: { a: { const: 7 } } }, 7],
  ['a schema that is none', 5, 'Weather'],
])('%s', (_, schema, value) => {
  expect(sampleJson(schema, source)).toEqual(value)
})

describe('a schema without end has a sample that ends', () => {
  const many = { type: 'array', minItems: 1e11, items: { type: 'array', minItems: 1e11, items: {} } }
  const names = Array.from({ length: 40 }, (_, at) => `p${at}`)
  const wide = { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { $ref: '#' }])) }
  test.each([
    ['lists of lists', many],
    ['objects of objects', { ...wide, required: names }],
    ['itself', { $ref: '#' }],
  ])('%s', (_, schema) => {
    expect(JSON.stringify(sampleJson(schema, source)).length).toBeLessThan(100_000)
  })
})
