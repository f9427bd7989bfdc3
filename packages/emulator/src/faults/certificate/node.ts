import { generateKeyPairSync, sign } from 'node:crypto'
import { joinBytes, toBytes } from '../to-bytes.ts'

/** What a certificate says. */
export type CertificateOptions = {
  /** Names and IPv4 addresses that it stands for. Default: `localhost` and 127.0.0.1. */
  hosts?: readonly string[]
  /** When it becomes valid, in ISO 8601, UTC, before 2050. Default: 2020. */
  from?: string
  /** When it expires, likewise. Default: the end of 2049. */
  until?: string
}

/** PEM, both: what `tls` of a fault server takes. A client trusts it with `ca: cert`. */
export type Certificate = { key: string; cert: string }

/** The algorithm ecdsa-with-SHA256, as an object identifier. */
const ECDSA_SHA256 = der(0x30, der(0x06, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]))

/**
 * Makes a key and a certificate that is signed by itself: good, expired or for other hosts.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function createCertificate(options: CertificateOptions = {}): Certificate {
  const { hosts = ['localhost', '127.0.0.1'], from = '2020-01-01T00:00:00Z', until = '2049-12-31T23:59:59Z' } = options
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = der(0x30, der(0x31, der(0x30, der(0x06, [0x55, 0x04, 0x03]), der(0x0c, toBytes('fault server')))))
  const version3 = der(0xa0, der(0x02, [2]))
  const validity = der(0x30, utcTime(from), utcTime(until))
  const altNames = der(0x30, der(0x06, [0x55, 0x1d, 0x11]), der(0x04, der(0x30, ...hosts.map(toAltName))))
  const body = der(
    0x30,
    version3,
    der(0x02, [1]),
    ECDSA_SHA256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, altNames)),
  )
  const signature = sign('sha256', body, privateKey)
  const certificate = der(0x30, body, ECDSA_SHA256, der(0x03, [0], signature))
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, cert: toPem(certificate) }
}

/** A value of DER: its tag, its length, what it holds. */
function der(tag: number, ...parts: ArrayLike<number>[]): Uint8Array {
  const content = joinBytes(parts.map((part) => Uint8Array.from(part)))
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Uint8Array.from([tag, ...size, ...content])
}

function utcTime(iso: string): Uint8Array {
  return der(0x17, toBytes(`${iso.replaceAll(/\D/g, '').slice(2, 14)}Z`))
}

function toAltName(host: string): Uint8Array {
  return /^[\d.]+$/.test(host) ? der(0x87, host.split('.').map(Number)) : der(0x82, toBytes(host))
}

function toPem(bytes: Uint8Array): string {
  const lines = btoa(String.fromCharCode(...bytes)).match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
