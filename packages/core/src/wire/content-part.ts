import type { ExtraContent } from './extra-content.ts'

/** One part of a message's content. Kinds that Geminate does not know pass through as they are. */
export type ContentPart = TextPart | ImagePart | AudioPart | RefusalPart | UnknownPart

export type TextPart = { type: 'text'; text: string; extra_content?: ExtraContent | null }

/** `gs://`, `https://` or `data:<MIME>;base64,…`; a data URL may carry any media (PDF, audio, video). */
export type ImagePart = {
  type: 'image_url'
  image_url: string | { url: string; detail?: 'auto' | 'low' | 'high' | (string & {}) }
  extra_content?: ExtraContent | null
}

export type AudioPart = {
  type: 'input_audio'
  /** `data` is base64 or a URI; `format` is `wav`, `mp3` or any MIME type, video and PDF included. */
  input_audio: { data: string; format: 'wav' | 'mp3' | (string & {}) }
  extra_content?: ExtraContent | null
}

export type RefusalPart = { type: 'refusal'; refusal: string }

export type UnknownPart = { type: string & {}; [key: string]: unknown }
