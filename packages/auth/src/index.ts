export { createCachedTokenSource } from './cached-token-source.ts'
export { googleCredentials } from './google-credentials.ts'
export type { GoogleCredentials, GoogleCredentialsOptions } from './google-credentials.ts'
export type { Token, TokenSource } from '@geminate/core'
