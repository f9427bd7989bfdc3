import type { ChatCompletionChunk } from '../src/wire/chunk.ts'

/** Streams of the shapes that the endpoints send, with what is true of each. */
export type Sample = {
  name: string
  /** The request's `thought_tag_marker`. */
  marker?: string
  /** How lines end. */
  lineEnd: '\n' | '\r\n' | '\r'
  blocks: Block[]
  /** By choice the answer, and the thoughts where there are any. */
  text: string[]
  thoughts?: string[]
  calls?: Call[]
  /** The folded content of choice 0, where it is no plain text. */
  content?: unknown
}

/** What a stream is made of; `lines` are outside any event. */
export type Block = { chunk: ChatCompletionChunk } | { done: true } | { lines: string[]; error?: Failure }
type Failure = { status: number; reason: string }
type Call = { id: string; name: string; arguments: string; signature?: string }

const done: Block = { done: true }

function event(chunk: Record<string, unknown>): Block {
  return { chunk }
}

/** A chunk of the managed endpoint: keys in alphabetical order, the role in every delta, no finish reason before the last. */
function managed(delta: object, more: { finish_reason?: string; index?: number; usage?: object } = {}): Block {
  const { finish_reason, index = 0, usage } = more
  return event({
    choices: [
      { delta: { ...delta, role: 'assistant' }, ...(finish_reason && { finish_reason }), index, logprobs: null },
    ],
    created: 1_790_000_000,
    id: 'q0-Yas7uLIWx9MoPzJ2t4Ac',
    model: 'google/gemini-3.5-flash',
    object: 'chat.completion.chunk',
    system_fingerprint: '',
    ...(usage && { usage }),
  })
}

/** A chunk of AI Studio: no log probabilities, no fingerprint, usage in each. */
function studio(delta: object, usage: object, finish_reason?: string): Block {
  return event({
    choices: [{ delta: { ...delta, role: 'assistant' }, ...(finish_reason && { finish_reason }), index: 0 }],
    created: 1_790_000_001,
    id: 'Pz8iaN3mKq2jz7IP0dOZ-Ak',
    model: 'gemini-2.5-flash',
    object: 'chat.completion.chunk',
    usage,
  })
}

/** A chunk of vLLM: the role in the first only, and nulls. */
function vllm(delta: object, finish_reason: string | null = null): Block {
  return event({
    id: 'chatcmpl-6f1d',
    object: 'chat.completion.chunk',
    created: 1_790_000_002,
    model: 'qwen',
    choices: [{ index: 0, delta, logprobs: null, finish_reason, stop_reason: null }],
  })
}

function tgi(delta: object, finish_reason: string | null = null): Block {
  return event({
    object: 'chat.completion.chunk',
    id: '',
    created: 1_790_000_003,
    model: 'tgi',
    system_fingerprint: '3.3.0-sha',
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    usage: null,
  })
}

/** The error that the endpoint prints outside any event when a stream breaks. */
function printed(status: number, reason: string, message: string): Block {
  const lines = [
    '[{',
    '  "error": {',
    `    "code": ${status},`,
    `    "message": "${message}",`,
    `    "status": "${reason}"`,
  ]
  return { lines: [...lines, '  }', '}', ']'], error: { status, reason } }
}

const flag = { extra_content: { google: { thought: true } } }
const traffic = { extra_properties: { google: { traffic_type: 'ON_DEMAND' } } }
const signature = 'c2lnbmF0dXJlIG9mIHRoaXMgc3RlcA=='
const signed = { extra_content: { google: { thought_signature: signature } } }
const whole = (id: string, name: string, args: string) => ({
  function: { arguments: args, name },
  id,
  type: 'function',
})

export const samples: Sample[] = [
  {
    name: 'managed: text',
    lineEnd: '\n',
    blocks: [
      managed({ content: 'Grüße aus ' }),
      managed({ content: 'Zürich 😀, “quoted”\n' }),
      managed(
        { content: 'and \\ done.' },
        { finish_reason: 'stop', usage: { completion_tokens: 9, prompt_tokens: 4, total_tokens: 13, ...traffic } },
      ),
      done,
    ],
    text: ['Grüße aus Zürich 😀, “quoted”\nand \\ done.'],
  },
  {
    name: 'managed: thoughts with marker and flag',
    marker: 'think',
    lineEnd: '\n',
    blocks: [
      managed({ content: '<think>\n**Plan the sum**\n\n', ...flag }),
      managed({ content: 'Add 2 and 2, as < and > allow.\n', ...flag }),
      managed({ content: '</think>It is ' }),
      managed({ content: '4, not </think> 5.' }, { finish_reason: 'stop', usage: { total_tokens: 40 } }),
      done,
    ],
    thoughts: ['**Plan the sum**\n\nAdd 2 and 2, as < and > allow.\n'],
    text: ['It is 4, not </think> 5.'],
    content: '<think>\n**Plan the sum**\n\nAdd 2 and 2, as < and > allow.\n</think>It is 4, not </think> 5.',
  },
  {
    name: 'managed: a marker whose tags are cut, without flags',
    marker: 'think',
    lineEnd: '\n',
    blocks: [
      ...['<th', 'ink>', 'hm', ' </', 'thi', 'nk> x</thi', 'nk', '>', '\nFo', 'ur'].map((content) =>
        managed({ content }),
      ),
      managed({ content: '.' }, { finish_reason: 'stop' }),
      done,
    ],
    thoughts: ['hm '],
    text: ['x</think>\nFour.'],
  },
  {
    name: 'managed: a signed tool call',
    lineEnd: '\n',
    blocks: [
      managed(
        { tool_calls: [{ ...signed, ...whole('function-call-81', 'weather', '{"city":"Köln"}') }] },
        { finish_reason: 'tool_calls', usage: { completion_tokens: 8, total_tokens: 60 } },
      ),
      done,
    ],
    text: [''],
    calls: [{ id: 'function-call-81', name: 'weather', arguments: '{"city":"Köln"}', signature }],
    content: null,
  },
  {
    name: 'managed: a signature on a late empty delta',
    lineEnd: '\n',
    blocks: [
      managed({ content: 'The answer ' }),
      managed({ content: 'is 4.' }),
      managed({ content: '', ...signed }, { finish_reason: 'stop', usage: { total_tokens: 21 } }),
      done,
    ],
    text: ['The answer is 4.'],
  },
  {
    name: 'managed: a call whose signature comes late, on an empty delta',
    lineEnd: '\n',
    blocks: [
      managed({ tool_calls: [whole('c-1', 'lookup', '{}')] }),
      managed({ content: '', ...signed }, { finish_reason: 'tool_calls' }),
      done,
    ],
    text: [''],
    calls: [{ id: 'c-1', name: 'lookup', arguments: '{}', signature }],
    content: null,
  },
  {
    name: 'managed: streamed arguments, the index flips',
    lineEnd: '\n',
    blocks: [
      managed({ tool_calls: [{ ...signed, ...whole('c-a', 'book', ''), index: 1 }] }),
      managed({ tool_calls: [{ ...whole('c-a', 'book', '{"from":"Bern'), index: 0 }] }),
      managed({ tool_calls: [{ ...whole('c-a', 'book', '","seats":[1,'), index: 0 }] }),
      managed({ tool_calls: [{ ...whole('c-a', 'book', '2]}'), index: 0 }] }),
      managed({ tool_calls: [{ ...whole('c-b', 'book', ''), index: 0 }] }),
      managed({ tool_calls: [{ ...whole('c-b', 'book', '{"from":"Genève'), index: 1 }] }),
      managed({ tool_calls: [{ ...whole('c-b', 'book', '"}'), index: 1 }] }, { finish_reason: 'tool_calls' }),
      done,
    ],
    text: [''],
    calls: [
      { id: 'c-a', name: 'book', arguments: '{"from":"Bern","seats":[1,2]}', signature },
      { id: 'c-b', name: 'book', arguments: '{"from":"Genève"}' },
    ],
    content: null,
  },
  {
    name: 'AI Studio: parallel calls without index, two of them in one delta',
    lineEnd: '\n',
    blocks: [
      studio(
        {
          tool_calls: [
            { ...signed, ...whole('call_11', 'search', '{"q":"one"}') },
            whole('call_12', 'search', '{"q":"two"}'),
          ],
        },
        { completion_tokens: 4, prompt_tokens: 31, total_tokens: 77 },
      ),
      studio({ tool_calls: [whole('call_13', 'open', '{}')] }, { total_tokens: 79 }, 'stop'),
      done,
    ],
    text: [''],
    calls: [
      { id: 'call_11', name: 'search', arguments: '{"q":"one"}', signature },
      { id: 'call_12', name: 'search', arguments: '{"q":"two"}' },
      { id: 'call_13', name: 'open', arguments: '{}' },
    ],
    content: null,
  },
  {
    name: 'managed: three choices, interleaved',
    lineEnd: '\n',
    blocks: [
      managed({ content: 'b' }, { index: 1 }),
      managed({ content: 'a' }),
      managed({ content: 'c' }, { index: 2 }),
      managed({ content: 'AA' }, { finish_reason: 'stop' }),
      managed({ content: 'BB' }, { index: 1 }),
      managed({ content: 'CC' }, { index: 2, finish_reason: 'length' }),
      managed({ content: '.' }, { index: 1, finish_reason: 'stop', usage: { total_tokens: 12 } }),
      done,
    ],
    text: ['aAA', 'bBB.', 'cCC'],
  },
  {
    name: 'managed: an image, in audio',
    lineEnd: '\n',
    blocks: [
      managed({
        audio: { data: 'iVBORw0KGgoAAAANSUhEUg', extra_content: { google: { mime_type: 'image/png' } } },
        content: null,
      }),
      managed({ audio: { data: 'AAAAEAAAABCAYAAAAfFcSJ' }, ...signed }, { finish_reason: 'stop' }),
      done,
    ],
    text: [''],
    content: null,
  },
  {
    name: 'AI Studio: flagged thoughts in tags of its own, usage that grows',
    lineEnd: '\n',
    blocks: [
      studio(
        { content: '<thought>**Greet**\n\n', ...flag },
        { completion_tokens: 0, prompt_tokens: 4, total_tokens: 4 },
      ),
      studio({ content: 'Say 你好.\n', ...flag }, { completion_tokens: 0, prompt_tokens: 4, total_tokens: 9 }),
      studio({ content: '</thought>你好' }, { completion_tokens: 2, prompt_tokens: 3, total_tokens: 14 }),
      studio({ content: '！' }, { completion_tokens: 3, prompt_tokens: 3, total_tokens: 15 }, 'stop'),
      done,
    ],
    thoughts: ['**Greet**\n\nSay 你好.\n'],
    text: ['你好！'],
    content: [
      { type: 'text', text: '<thought>**Greet**\n\nSay 你好.\n', ...flag },
      { type: 'text', text: '</thought>你好！' },
    ],
  },
  {
    name: 'AI Studio: a flagged thought without tags, whose end only begins like one',
    lineEnd: '\n',
    blocks: [
      studio({ content: 'is a < b', ...flag }, { total_tokens: 4 }),
      studio({ content: ' </tho', ...flag }, { total_tokens: 5 }),
      studio({ content: 'Yes' }, { total_tokens: 6 }, 'stop'),
      done,
    ],
    thoughts: ['is a < b </tho'],
    text: ['Yes'],
    content: [
      { type: 'text', text: 'is a < b </tho', ...flag },
      { type: 'text', text: 'Yes' },
    ],
  },
  {
    name: 'AI Studio: thinking took the whole budget',
    lineEnd: '\n',
    blocks: [studio(signed, { prompt_tokens: 5, total_tokens: 21 }, 'length'), done],
    text: [''],
    content: null,
  },
  {
    name: 'vLLM: reasoning in a field of its own, usage in a chunk of its own',
    lineEnd: '\n',
    blocks: [
      vllm({ role: 'assistant', content: '' }),
      vllm({ reasoning_content: 'The user ' }),
      vllm({ reasoning_content: 'greets.' }),
      vllm({ content: 'Hello' }),
      vllm({ content: ' there' }),
      vllm({ content: '' }, 'stop'),
      event({
        id: 'chatcmpl-6f1d',
        object: 'chat.completion.chunk',
        model: 'qwen',
        choices: [],
        usage: { total_tokens: 9 },
      }),
      done,
    ],
    thoughts: ['The user greets.'],
    text: ['Hello there'],
  },
  {
    name: 'vLLM: calls in fragments, by index, the id in the first only',
    lineEnd: '\n',
    blocks: [
      vllm({ role: 'assistant', content: null }),
      vllm({ tool_calls: [{ index: 0, id: 'chatcmpl-tool-1', type: 'function', function: { name: 'add' } }] }),
      vllm({ tool_calls: [{ index: 0, function: { arguments: '{"a":' } }] }),
      vllm({ tool_calls: [{ index: 0, function: { arguments: '1}' } }] }),
      vllm({ tool_calls: [{ index: 1, id: 'chatcmpl-tool-2', type: 'function', function: { name: 'mul' } }] }),
      vllm({ tool_calls: [{ index: 1, function: { arguments: '{}' } }] }, 'tool_calls'),
      done,
    ],
    text: [''],
    calls: [
      { id: 'chatcmpl-tool-1', name: 'add', arguments: '{"a":1}' },
      { id: 'chatcmpl-tool-2', name: 'mul', arguments: '{}' },
    ],
    content: null,
  },
  {
    name: 'TGI: text, and usage in a chunk of its own',
    lineEnd: '\n',
    blocks: [
      tgi({ role: 'assistant', content: 'One' }),
      tgi({ role: 'assistant', content: ', two' }),
      tgi({ role: 'assistant', content: '' }, 'stop'),
      event({ object: 'chat.completion.chunk', id: '', model: 'tgi', choices: [], usage: { total_tokens: 30 } }),
      done,
    ],
    text: ['One, two'],
  },
  {
    name: 'managed: streamed arguments, cancelled with 499',
    lineEnd: '\n',
    blocks: [
      managed({ tool_calls: [{ ...signed, ...whole('c-9', 'edit', ''), index: 1 }] }),
      managed({ tool_calls: [{ ...whole('c-9', 'edit', '{"new":"a\n'), index: 0 }] }),
      printed(499, 'CANCELLED', 'The operation was cancelled.'),
    ],
    text: [''],
    calls: [{ id: 'c-9', name: 'edit', arguments: '{"new":"a\n', signature }],
    content: null,
  },
  {
    name: 'managed: a thought, then 429',
    marker: 'think',
    lineEnd: '\n',
    blocks: [
      managed({ content: '<think>\n**Weigh the options**\n\nFirst, [one].\n', ...flag }),
      printed(429, 'RESOURCE_EXHAUSTED', 'Resource exhausted. Please try again later.'),
    ],
    thoughts: ['**Weigh the options**\n\nFirst, [one].\n'],
    text: [''],
    content: '<think>\n**Weigh the options**\n\nFirst, [one].\n',
  },
  {
    name: 'AI Studio: an error behind a finish reason',
    lineEnd: '\n',
    blocks: [
      studio({ content: 'Half' }, { total_tokens: 4 }),
      studio({ content: ' of it' }, { total_tokens: 5 }, 'stop'),
      printed(503, 'UNAVAILABLE', 'The service is currently unavailable.'),
    ],
    text: ['Half of it'],
  },
  {
    name: 'managed: text in CRLF, with comments and pings',
    lineEnd: '\r\n',
    blocks: [
      { lines: [': hello', ''] },
      managed({ content: 'Line\r\n' }),
      { lines: ['event: ping', ''] },
      { lines: ['data:', ''] },
      managed({ content: 'ends\r' }),
      { lines: [': still there', ''] },
      managed({ content: '.' }, { finish_reason: 'stop', usage: { total_tokens: 3 } }),
      done,
    ],
    text: ['Line\r\nends\r.'],
  },
  {
    name: 'managed: 499 in CRLF',
    lineEnd: '\r\n',
    blocks: [managed({ content: 'Half' }), printed(499, 'CANCELLED', 'The operation was cancelled.')],
    text: ['Half'],
  },
  {
    name: 'managed: text in bare CR',
    lineEnd: '\r',
    blocks: [managed({ content: 'a\n' }), managed({ content: 'b' }, { finish_reason: 'stop' }), done],
    text: ['a\nb'],
  },
]
