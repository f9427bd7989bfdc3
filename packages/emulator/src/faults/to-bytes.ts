import type { Bytes } from './byte-script.ts'

/** The bytes that a script's data stands for. */
export function toBytes(bytes: Bytes): Uint8Array {
  if (typeof bytes === 'string') return new TextEncoder().encode(bytes)
  if (bytes instanceof Uint8Array) return bytes
  return Uint8Array.from(atob(bytes.base64), (character) => character.charCodeAt(0))
}

/** Several runs of bytes as one. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts
  if (parts.length === 1 && first) return first
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
