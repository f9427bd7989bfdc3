/** What the suite reads: a stream as the managed endpoint sends it, cut into reads of one size. */
export type Input = { name: string; chunks: number; bytes: Uint8Array; readBytes: number }

const WORDS = 'the quick answer is that a stream arrives in small pieces and every one of them counts'.split(' ')

/** The first `thoughts` deltas carry the flag, as with a marker; the tag stands on the first. */
function streamOf(deltas: string[], thoughts: number): Uint8Array {
  const events = deltas.map((text, at) => {
    const content = thoughts > 0 && at === 0 ? `<think>\n${text}` : at === thoughts && at > 0 ? `</think>${text}` : text
    const flag = at < thoughts && { extra_content: { google: { thought: true } } }
    const choice = { delta: { content, ...flag, role: 'assistant' }, index: 0, logprobs: null }
    const last = at === deltas.length - 1
    const chunk = {
      choices: [last ? { ...choice, finish_reason: 'stop' } : choice],
      created: 1_772_141_949,
      id: 'k3Xz_aQdEJ-9rLsP0w1TsgU',
      model: 'google/gemini-3.5-flash',
      object: 'chat.completion.chunk',
      system_fingerprint: '',
      ...(last && { usage: { completion_tokens: deltas.length, prompt_tokens: 9, total_tokens: deltas.length + 9 } }),
    }
    return `data: ${JSON.stringify(chunk)}\n\n`
  })
  return new TextEncoder().encode(`${events.join('')}data: [DONE]\n\n`)
}

const small = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => ` ${WORDS[(at * 7) % WORDS.length]}`)
const large = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${at} ${'a line of a long answer, '.repeat(4096)}`)

function input(kind: string, deltas: string[], readBytes: number, readName: string, thoughts = 0): Input {
  return { name: `${kind}, ${readName} reads`, chunks: deltas.length, bytes: streamOf(deltas, thoughts), readBytes }
}

/** Small deltas are words, large ones 100 KB each. */
export const inputs: Input[] = [
  input('small deltas', small(4_000), 64, '64 B'),
  input('small deltas', small(20_000), 1024, '1 KiB'),
  input('small deltas', small(20_000), 16_384, '16 KiB'),
  input('small deltas, nine in ten flagged thoughts', small(20_000), 1024, '1 KiB', 18_000),
  input('100 KB deltas', large(15), 64, '64 B'),
  input('100 KB deltas', large(30), 1024, '1 KiB'),
  input('100 KB deltas', large(60), 16_384, '16 KiB'),
]

/** The reads of an input: views, as a socket gives them. */
export function readsOf({ bytes, readBytes }: Input): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / readBytes) }, (_, at) =>
    bytes.subarray(at * readBytes, (at + 1) * readBytes),
  )
}
