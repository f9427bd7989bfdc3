type Schema = Record<string, unknown>

/** Words and numbers that a sample may take from, so that it speaks of what was asked. */
export type Source = { words: string[]; numbers: number[] }

const MAX_DEPTH = 8

/** A value that fits a JSON Schema, as far as its usual keywords go; deterministic. */
export function sampleJson(schema: unknown, source: Source, root: Schema = asSchema(schema), depth = 0): unknown {
  const { $ref, const: constant, enum: values, anyOf, oneOf, type, ...rest } = asSchema(schema)
  if (typeof $ref === 'string')
    return depth > MAX_DEPTH ? null : sampleJson(resolve(root, $ref), source, root, depth + 1)
  if (constant !== undefined) return constant
  if (Array.isArray(values)) return values.find((value) => source.words.includes(String(value))) ?? values[0]
  const choices = [anyOf, oneOf].find(Array.isArray) as unknown[] | undefined
  if (choices) return sampleJson(choices[0], source, root, depth + 1)
  switch (Array.isArray(type) ? type[0] : (type ?? (rest['properties'] ? 'object' : 'string'))) {
    case 'object':
      return sampleObject(rest, source, root, depth)
    case 'array': {
      const count = depth > MAX_DEPTH ? 0 : Math.max(2, Number(rest['minItems'] ?? 0))
      const most = Math.min(count, Number(rest['maxItems'] ?? count))
      return Array.from({ length: most }, () => sampleJson(rest['items'] ?? {}, source, root, depth + 1))
    }
    case 'integer':
    case 'number':
      return sampleNumber(rest, source)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return sampleString(rest, source)
  }
}

function sampleObject(schema: Schema, source: Source, root: Schema, depth: number): Schema {
  const properties = asSchema(schema['properties'])
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const wanted = Object.keys(properties).filter((key) => depth < MAX_DEPTH || required.includes(key))
  return Object.fromEntries(wanted.map((key) => [key, sampleJson(properties[key], source, root, depth + 1)]))
}

function sampleNumber(schema: Schema, source: Source): number {
  const least = Number(schema['minimum'] ?? Number.NEGATIVE_INFINITY)
  const most = Number(schema['maximum'] ?? Number.POSITIVE_INFINITY)
  return Math.min(most, Math.max(least, source.numbers[0] ?? 42))
}

const FORMATS: Record<string, string> = {
  'date-time': '2026-01-02T03:04:05Z',
  date: '2026-01-02',
  time: '03:04:05Z',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
}

function sampleString(schema: Schema, source: Source): string {
  const format = FORMATS[String(schema['format'])]
  return format ?? source.words.findLast((word) => /^\p{Lu}/u.test(word)) ?? source.words.at(-1) ?? 'emulated'
}

function resolve(root: Schema, ref: string): unknown {
  let at: unknown = root
  for (const key of ref.replace(/^#\/?/, '').split('/')) at = key === '' ? at : asSchema(at)[key]
  return at
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {}
}
