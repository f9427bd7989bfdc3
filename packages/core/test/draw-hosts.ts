import type { VertexUrlOptions } from '../src/vertex-url.ts'
import type { Draw } from './draw.ts'

const parts = [
  'evil.example',
  '/',
  '\\',
  '#',
  '?',
  '@',
  ':',
  '.',
  '..',
  '%2e%2e',
  '%2f',
  '%00',
  '。',
  '\u0000',
  '\t',
  '\n',
  '\r\n',
  ' ',
  '\u00AD',
  '\u200B',
  '\uFF0F',
  'xn--',
  'us-central1',
  'global',
  'eu',
  'my-project',
  'googleapis.com',
  '.googleapis.com',
  'aiplatform.googleapis.com',
  '123.us-central1-456.prediction.vertexai.goog',
  'localhost',
  '127.0.0.1',
  '[::1]',
  '-',
  'a',
  'K', // a sign that lower-cases to k
  'ſ',
  '1',
  '443',
  'javascript:',
  '//',
  '😀',
  '\uD800',
  '',
]
const locations = ['global', 'us', 'eu', 'us-central1', 'europe-west4', 'northamerica-northeast1', 'me-central2']
const projects = ['my-project', 'project-1', '123456789012']
const versions = ['v1', 'v1beta1', undefined]
const endpoints = ['openapi', '1234567890', undefined, undefined, '123/../../x', '%2e%2e', 'openapi#', '123?alt=media']
const hosts = [undefined, undefined, 'aiplatform.googleapis.com', '123.us-central1-456.prediction.vertexai.goog']

/** Options of which some are as they should be, and others would lead elsewhere if they were put into a URL. */
export function drawUrlOptions(draw: Draw): VertexUrlOptions {
  return {
    location: draw.below(3) > 0 ? draw.one(locations) : drawText(draw, locations),
    project: draw.below(3) > 0 ? draw.one(projects) : drawText(draw, projects),
    apiVersion: draw.below(4) > 0 ? draw.one(versions) : drawText(draw, ['v1']),
    endpoint: draw.below(3) > 0 ? draw.one(endpoints) : drawText(draw, ['123']),
    host: draw.below(3) > 0 ? draw.one(hosts) : drawText(draw, ['aiplatform.googleapis.com']),
    invoke: draw.below(2) > 0,
  }
}

/** Hostile parts in any order, also about something that is as it should be. */
function drawText(draw: Draw, good: readonly string[]): string {
  let text = draw.below(2) > 0 ? draw.one(good) : ''
  for (let count = 1 + draw.below(4); count > 0; count -= 1)
    text = draw.below(3) > 0 ? text + draw.one(parts) : draw.one(parts) + text
  return text
}
