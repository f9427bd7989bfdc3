import type { ExtraContent } from './extra-content.ts'
import type { UnlistedKind } from './unlisted.ts'

/**
 * One part of a message's content; narrows on `type`. Kinds that are not listed pass through as they are.
 *
 * @see https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/migrate/openai/overview
 */
export type ContentPart =
  | TextPart
  | ImagePart
  | AudioPart
  | FilePart
  | RefusalPart
  | VideoUrlPart
  | AudioUrlPart
  | UnknownPart

/** Text. Empty text is answered with a 400 (observed). */
export type TextPart = { type: 'text'; text: string; extra_content?: ExtraContent | null }

/** An image, or by data URL any other media; the endpoint takes both forms of `image_url` (documented). */
export type ImagePart = {
  type: 'image_url'
  image_url: string | ImageUrl
  extra_content?: ExtraContent | null
}

/** Where an image is. */
export type ImageUrl = {
  /**
   * `gs://`, `https://` or `data:<MIME>;base64,…` (documented). A data URL may carry any media (PDF, audio, video); any
   * other is taken for `image/*` (documented). About 20 MB of data in a request, far more behind `gs://` (documented).
   */
  url: string
  /**
   * Gemini 3: the resolution of this part. Before, it must be the same in the whole request, else an error
   * (documented).
   */
  detail?: 'auto' | 'low' | 'high' | 'original' | (string & {})
}

/** Audio, and under its MIME type any other media: the way to send a video or a PDF by URI (documented). */
export type AudioPart = {
  type: 'input_audio'
  input_audio: InputAudio
  extra_content?: ExtraContent | null
}

/** Media as base64 or as a URI, with its format. */
export type InputAudio = {
  /** Base64, or any URI such as `gs://…` (documented). */
  data: string
  /** `wav`, `mp3`, or any MIME type (documented). */
  format: 'wav' | 'mp3' | 'audio/mp3' | 'video/mp4' | 'image/png' | 'application/pdf' | (string & {})
}

/** A file as OpenAI has it. The endpoint does not document it, and may ignore it (inferred): prefer `input_audio`. */
export type FilePart = {
  type: 'file'
  file: { /** A data URL. */ file_data?: string; file_id?: string; filename?: string }
  extra_content?: ExtraContent | null
}

/** What an assistant refused. Not documented for the endpoint, presumably ignored (inferred). */
export type RefusalPart = { type: 'refusal'; refusal: string; extra_content?: ExtraContent | null }

/** A video as vLLM takes it (documented by vLLM). */
export type VideoUrlPart = { type: 'video_url'; video_url: { url: string }; extra_content?: ExtraContent | null }

/** Audio as vLLM takes it (documented by vLLM). */
export type AudioUrlPart = { type: 'audio_url'; audio_url: { url: string }; extra_content?: ExtraContent | null }

/** A kind that is not listed here: `{ type: 'new_kind' as UnlistedKind, … }`. */
export type UnknownPart = { type: UnlistedKind; [key: string]: unknown }
