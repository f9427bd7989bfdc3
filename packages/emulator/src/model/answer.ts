import type { ChatCompletionRequest, Message } from '@geminate/core'
import { fittingTools } from './fitting-tools.ts'
import { promptOf, quoteOf, sourceOf, textOfMessage } from './prompt.ts'
import { sampleJson } from './sample-json.ts'

/** What the emulated model says: thoughts, and then either text or calls. */
export type Answer = { thoughts: string; text: string; calls: { name: string; arguments: string }[] }

/** Answers any request, always in the same way: it is no model, and it says so. */
export function answerTo(request: ChatCompletionRequest): Answer {
  const prompt = promptOf(request.messages)
  const results = resultsOf(request.messages)
  const tools = results.length > 0 ? [] : fittingTools(request, prompt)
  const calls = tools.map(({ name, parameters }) => ({
    name,
    arguments: JSON.stringify(sampleJson(parameters ?? { type: 'object' }, sourceOf(prompt))),
  }))
  if (calls.length > 0) return { thoughts: thoughtsOn(prompt, 'Choosing a tool'), text: '', calls }
  const text = results.length > 0 ? onResults(results) : (asJson(request, prompt) ?? prose(prompt))
  return { thoughts: thoughtsOn(prompt, 'Planning the answer'), text, calls: [] }
}

/** The contents of the tool messages that the conversation ends with. */
function resultsOf(messages: Message[]): string[] {
  const from = messages.findLastIndex((message) => message.role !== 'tool') + 1
  return messages.slice(from).map(textOfMessage)
}

function asJson({ response_format: format }: ChatCompletionRequest, prompt: string): string | undefined {
  if (!format || !['json_object', 'json_schema', 'application/json'].includes(format.type)) return undefined
  const schema = 'json_schema' in format ? (format.json_schema as { schema?: unknown } | null)?.schema : undefined
  const value = schema ? sampleJson(schema, sourceOf(prompt)) : { emulator: true, prompt: quoteOf(prompt) }
  return JSON.stringify(value)
}

function thoughtsOn(prompt: string, second: string): string {
  return `**Reading the prompt**

The prompt is “${quoteOf(prompt)}”. I am an emulator: I look at its words, I do not understand them.

**${second}**

I will answer in a form that shows how a real answer arrives: in pieces, and after these thoughts.

`
}

function onResults(results: string[]): string {
  const list = results.map((result) => `- ${quoteOf(result)}`).join('\n')
  return `The tools have answered, says the emulator:\n\n${list}\n\nA real model would now put this into words.`
}

function prose(prompt: string): string {
  const opening = `This is the Geminate emulator, not a model. You wrote: “${quoteOf(prompt)}”.`
  if (!LONG.test(prompt)) return `${opening} Nothing left this machine, and nothing was spent.`
  return `${opening}

Once there was a prompt that went out into the world and never left the machine. It came to an endpoint that looked like Vertex AI in every way that a client can see, and it was answered in pieces, one after another, just as a real answer comes.

What you can watch here:

- **Streaming**: this text grows as it arrives.
- **Thoughts**: they come first, and stay apart from the answer.
- **Stopping**: the connection closes as soon as you leave.

\`\`\`ts
for await (const text of stream.text()) process.stdout.write(text)
\`\`\`

Every answer here is made from your words and from nothing else. For one that is worth reading, point the same client at Vertex AI: not a line of it changes.`
}

/** Prompts that ask for something longer. */
const LONG = /\b(?:story|write|explain|describe|essay|poem|list|how|why|tell|compare|plan)\b/i
