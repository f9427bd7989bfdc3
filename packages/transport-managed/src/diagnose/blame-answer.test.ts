import { describe, expect, test } from 'vitest'
import { BEFORE, CANARY, diagnosed, refusal } from '../../test/diagnosed.ts'
import type { Finding } from './diagnosis.ts'

describe('a set-up that is not', () => {
  test.each<[string, () => Response, Omit<Finding, 'ok' | 'says'> & { says: RegExp }]>([
    [
      'API that is switched off',
      refusal(
        403,
        'PERMISSION_DENIED',
        'Vertex AI API has not been used in project 1 before or it is disabled.',
        'SERVICE_DISABLED',
      ),
      {
        check: 'api',
        says: /switched off in the project 'my-project'/,
        command: 'gcloud services enable aiplatform.googleapis.com --project=my-project',
      },
    ],
    [
      'API that is switched off, told without details',
      refusal(403, 'PERMISSION_DENIED', 'Vertex AI API has not been used in project 1 before or it is disabled.'),
      {
        check: 'api',
        says: /switched off/,
        command: 'gcloud services enable aiplatform.googleapis.com --project=my-project',
      },
    ],
    [
      'project without billing',
      refusal(403, 'PERMISSION_DENIED', 'This API method requires billing to be enabled.', 'BILLING_DISABLED'),
      {
        check: 'billing',
        says: /Billing is off/,
        command: 'gcloud billing projects link my-project --billing-account=ACCOUNT',
      },
    ],
    [
      'role that is missing',
      refusal(
        403,
        'PERMISSION_DENIED',
        "Permission 'aiplatform.endpoints.predict' denied on resource",
        'IAM_PERMISSION_DENIED',
      ),
      {
        check: 'role',
        says: /or there is no such project/,
        command: 'gcloud projects add-iam-policy-binding my-project --member=MEMBER --role=roles/aiplatform.user',
      },
    ],
    [
      'project that does not exist',
      refusal(403, 'PERMISSION_DENIED', 'Project is invalid.', 'CONSUMER_INVALID'),
      { check: 'project', says: /The project 'my-project' does not exist/, command: 'gcloud projects list' },
    ],
    [
      'quota project that may not be used',
      refusal(
        403,
        'PERMISSION_DENIED',
        'Caller does not have required permission to use project.',
        'USER_PROJECT_DENIED',
      ),
      {
        check: 'project',
        says: /may not use the project as the quota project/,
        command:
          'gcloud projects add-iam-policy-binding PROJECT --member=MEMBER --role=roles/serviceusage.serviceUsageConsumer',
      },
    ],
    [
      'scope that is missing',
      refusal(
        403,
        'PERMISSION_DENIED',
        'Request had insufficient authentication scopes.',
        'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
      ),
      { check: 'access', says: /scope/, command: 'gcloud auth application-default login' },
    ],
    [
      'token that is refused',
      refusal(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.', 'ACCESS_TOKEN_EXPIRED'),
      { check: 'access', says: /does not accept the credentials/, command: 'gcloud auth application-default login' },
    ],
    [
      'model that the location does not serve',
      refusal(
        404,
        'NOT_FOUND',
        'Publisher Model `projects/1/…` was not found or your project does not have access to it.',
      ),
      {
        check: 'model',
        says: /'google\/gemini-2\.5-flash' is not served at 'global', .* Check the model id\.$/,
        command: 'gcloud ai model-garden models list',
      },
    ],
    [
      'endpoint with a host of its own',
      refusal(
        400,
        'FAILED_PRECONDITION',
        "Dedicated Endpoint cannot be accessed through the shared Vertex AI domain aiplatform.googleapis.com. Please access the endpoint using its dedicated domain name '1.us-central1-2.prediction.vertexai.goog'.",
      ),
      {
        check: 'host',
        says: /host of its own.*`host: "1\.us-central1-2\.prediction\.vertexai\.goog"`/,
        command: 'curl -sSI https://1.us-central1-2.prediction.vertexai.goog/',
      },
    ],
    [
      'quota that is used up',
      refusal(429, 'RESOURCE_EXHAUSTED', 'Resource exhausted. Please try again later.'),
      {
        check: 'quota',
        says: /quota/,
        command: 'gcloud beta quotas info list --service=aiplatform.googleapis.com --project=my-project',
      },
    ],
  ])('%s: a sentence and a command, after what was proved', async (_, answer, { says, ...finding }) => {
    const { ok, last, findings } = await diagnosed(answer)
    expect(ok).toBe(false)
    expect(last).toEqual({ ok: false, says: expect.stringMatching(says) as string, ...finding })
    expect(findings.slice(0, -1).every((one) => one.ok)).toBe(true)
    expect(findings.map(({ check }) => check)).toEqual(expect.arrayContaining(BEFORE))
  })

  const notFound = refusal(404, 'NOT_FOUND', 'Publisher Model `x` was not found.')

  test('a location that does not serve the model: the option is changed where one is given, else the environment', async () => {
    const given = await diagnosed(notFound, { options: { location: 'europe-west4' } })
    expect(given.last).toMatchObject({
      says: expect.stringContaining("served at 'global': change the option `location`.") as string,
      command: 'gcloud ai model-garden models list',
    })
    const found = await diagnosed(notFound, { defaults: { location: 'europe-west4' } })
    expect(found.last).toMatchObject({ check: 'model', command: 'export GOOGLE_CLOUD_LOCATION=global' })
  })

  test('a pasted token that is refused is pasted anew', async () => {
    const { last } = await diagnosed(refusal(401, 'UNAUTHENTICATED', 'Invalid.'), { options: { auth: CANARY } })
    expect(last).toMatchObject({ check: 'access', command: 'gcloud auth print-access-token' })
  })

  test.each(['SECURITY_POLICY_VIOLATED', 'API_KEY_SERVICE_BLOCKED'])(
    'what is denied because of %s is told in the words of the endpoint',
    async (reason) => {
      const { last } = await diagnosed(refusal(403, 'PERMISSION_DENIED', 'Prohibited by policy.', reason))
      expect(last).toMatchObject({
        check: 'access',
        says: expect.stringMatching(/Prohibited by policy\. REDACTED\.$/) as string,
        command: 'gcloud projects get-iam-policy my-project',
      })
    },
  )

  test('a key that is not valid is told, without details too', async () => {
    const answer = refusal(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.')
    const { last } = await diagnosed(answer, { options: { apiKey: 'a-longer-key' } })
    expect(last).toMatchObject({ check: 'access', says: 'The API key is not valid.' })
  })
})
