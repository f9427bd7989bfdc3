type Schema = Record<string, unknown>

/** Words and numbers that a sample may take from, so that it speaks of what was asked. */
export type Source = { words: string[]; numbers: number[] }

const MAX_DEPTH = 8
/** Values in one sample: a schema can ask for more than fits into memory. */
const MAX_VALUES = 1000

/** What all parts of one sample share. */
type Sampling = { source: Source; root: Schema; valuesLeft: number }

/** A value that fits a JSON Schema, as far as its usual keywords go; deterministic. */
export function sampleJson(schema: unknown, source: Source): unknown {
  return sample(schema, { source, root: asSchema(schema), valuesLeft: MAX_VALUES }, 0)
}

function sample(schema: unknown, sampling: Sampling, depth: number): unknown {
  const { source, root } = sampling
  const { $ref, const: constant, enum: values, anyOf, oneOf, type, ...rest } = asSchema(schema)
  sampling.valuesLeft -= 1
  if (typeof $ref === 'string') return depth > MAX_DEPTH ? null : sample(resolve(root, $ref), sampling, depth + 1)
  if (constant !== undefined) return constant
  if (Array.isArray(values)) return valueOf(values, source)
  const choices = [anyOf, oneOf].find(Array.isArray) as unknown[] | undefined
  if (choices) return sample(choices[0], sampling, depth + 1)
  switch (Array.isArray(type) ? type[0] : (type ?? (rest['properties'] ? 'object' : 'string'))) {
    case 'object':
      return sampleObject(rest, sampling, depth)
    case 'array':
      return sampleArray(rest, sampling, depth)
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

function valueOf(values: unknown[], source: Source): unknown {
  const said: unknown[] = [...source.words, ...source.numbers]
  return values.find((value) => said.includes(value)) ?? values[0] ?? null
}

function sampleObject(schema: Schema, sampling: Sampling, depth: number): Schema {
  const properties = asSchema(schema['properties'])
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const object: Schema = {}
  for (const [key, inner] of Object.entries(properties)) {
    if (sampling.valuesLeft <= 0) break
    if (depth < MAX_DEPTH || required.includes(key)) object[key] = sample(inner, sampling, depth + 1)
  }
  return object
}

function sampleArray(schema: Schema, sampling: Sampling, depth: number): unknown[] {
  const least = depth > MAX_DEPTH ? 0 : Math.max(2, Number(schema['minItems'] ?? 0))
  const count = Math.min(least, Number(schema['maxItems'] ?? least))
  const items: unknown[] = []
  while (items.length < count && sampling.valuesLeft > 0) items.push(sample(schema['items'] ?? {}, sampling, depth + 1))
  return items
}

function sampleNumber(schema: Schema, source: Source): number {
  const least = Number(schema['minimum'] ?? Number.NEGATIVE_INFINITY)
  const most = Number(schema['maximum'] ?? Number.POSITIVE_INFINITY)
  return Math.min(most, Math.max(least, source.numbers[0] ?? 42))
}

const FORMATS = new Map<unknown, string>([
  ['date-time', '2026-01-02T03:04:05Z'],
  ['date', '2026-01-02'],
  ['time', '03:04:05Z'],
  ['email', 'someone@example.com'],
  ['uri', 'https://example.com/'],
  ['uuid', '00000000-0000-4000-8000-000000000000'],
])

function sampleString(schema: Schema, source: Source): string {
  const format = FORMATS.get(schema['format'])
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
