export { createFaultServer } from './server/node.ts'
export type { FaultServer, FaultServerOptions } from './server/node.ts'
export { createFaultProxy } from './proxy/node.ts'
export type { FaultProxy, FaultProxyOptions } from './proxy/node.ts'
export type { ProxiedConnection } from './proxy-connection/node.ts'
export type {
  Answers,
  Bytes,
  ByteScript,
  CallStep,
  Deed,
  EndedBy,
  FaultConnection,
  FaultRequest,
  GateStep,
  PauseStep,
  ReceiveStep,
  StartStep,
  Step,
  WriteStep,
} from './byte-script.ts'
export type { ConnectionToxics, Schedule, Toxics } from './schedule.ts'
export { toSchedule } from './to-schedule.ts'
export type { Fault, ScheduleOptions } from './to-schedule.ts'
export { LAST_CHUNK, chunked, httpAnswer, httpHead, sseEvent } from './http-writer.ts'
export type { HttpHead } from './http-writer.ts'
export { checkScript } from './check-script.ts'
export { checkSchedule } from './check-schedule.ts'
export { createCertificate } from './certificate/node.ts'
export type { Certificate, CertificateOptions } from './certificate/node.ts'
