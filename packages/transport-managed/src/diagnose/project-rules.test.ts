import { describe, expect, test } from 'vitest'
import { CANARY, diagnosed, refusal } from '../../test/diagnosed.ts'

/** A refusal that names the project which the call was counted to. */
function refusalFor(reason: string, metadata: Record<string, string>): () => Response {
  return refusal(403, 'PERMISSION_DENIED', 'No.', { reason, metadata })
}

describe('the project that a call is counted to', () => {
  test.each<[string, string, RegExp, string]>([
    [
      'SERVICE_DISABLED',
      'api',
      /in the project '999'/,
      'gcloud services enable aiplatform.googleapis.com --project=999',
    ],
    [
      'BILLING_DISABLED',
      'billing',
      /for the project '999'/,
      'gcloud billing projects link 999 --billing-account=ACCOUNT',
    ],
    ['CONSUMER_INVALID', 'project', /The project '999' does not exist/, 'gcloud projects list'],
    [
      'USER_PROJECT_DENIED',
      'project',
      /may not use the project '999' as the quota project/,
      'gcloud projects add-iam-policy-binding 999 --member=MEMBER --role=roles/serviceusage.serviceUsageConsumer',
    ],
  ])('is the one that the endpoint names: %s', async (reason, check, says, command) => {
    const { last } = await diagnosed(refusalFor(reason, { consumer: 'projects/999' }))
    expect(last).toEqual({ check, ok: false, says: expect.stringMatching(says) as string, command })
  })

  test.each(['projects/quota-project', 'projects/example.com:quota-project'])('may be %s', async (consumer) => {
    const { last } = await diagnosed(refusalFor('BILLING_DISABLED', { consumer }))
    expect(last.command).toContain(`link ${consumer.slice('projects/'.length)} `)
  })

  test.each([
    'projects/x; rm -rf ~',
    'projects/$(id)',
    'projects/--quiet',
    'projects/-a.b:quota-project',
    'projects/999\nid',
    '999',
    'folders/999',
    `projects/${CANARY}`,
  ])('is not taken from what is none: %j', async (consumer) => {
    const { last } = await diagnosed(refusalFor('BILLING_DISABLED', { consumer }))
    expect(last).toMatchObject({
      says: "Billing is off for the project 'my-project'.",
      command: 'gcloud billing projects link my-project --billing-account=ACCOUNT',
    })
  })

  test('is no matter of the role, which counts in the project that is called', async () => {
    const { last } = await diagnosed(refusalFor('IAM_PERMISSION_DENIED', { consumer: 'projects/999' }))
    expect(last.command).toContain('add-iam-policy-binding my-project ')
  })
})

test('an API is switched on by the name that the endpoint gives it, where that is one', async () => {
  const { last } = await diagnosed(refusalFor('SERVICE_DISABLED', { service: 'iam.googleapis.com' }))
  expect(last).toMatchObject({
    says: "The API iam.googleapis.com is switched off in the project 'my-project'.",
    command: 'gcloud services enable iam.googleapis.com --project=my-project',
  })
  const odd = await diagnosed(refusalFor('SERVICE_DISABLED', { service: '$(id).googleapis.com' }))
  expect(odd.last.command).toBe('gcloud services enable aiplatform.googleapis.com --project=my-project')
})
