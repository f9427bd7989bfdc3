/** What a signature vouches for. */
export type Signed = { name: string; arguments: string }

const SKIP = 'skip_thought_signature_validator'

/**
 * A thought signature that can be checked without remembering it: Base64, opaque to clients as Google's is. The digest
 * is no cryptography; it tells a signature that came back from one that did not.
 */
export function signatureOf(call: Signed): string {
  const digest = `${fnv1a(call.name)}${fnv1a(call.arguments)}${fnv1a(`${call.arguments}\0${call.name}`)}`
  return btoa(`geminate-emulator thought signature ${digest}`)
}

export function isSignatureOf(signature: string, call: Signed): boolean {
  return signature === SKIP || signature === signatureOf(call)
}

/** 32 bits of FNV-1a over UTF-16 units, as eight hexadecimal digits. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
