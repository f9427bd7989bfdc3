import type { CredentialKind } from './google-client.ts'

/** Gives a credential to a user. */
export const LOGIN: string = 'gcloud auth application-default login'

/** What gives a working credential of this kind. */
export const MEND: Record<CredentialKind, string> = {
  metadata: `attach a service account to this machine (gcloud compute instances set-service-account) or, on a machine of your own, run: ${LOGIN}`,
  'service-account': 'create a new key: gcloud iam service-accounts keys create key.json --iam-account=ACCOUNT',
  user: `log in again: ${LOGIN}`,
  workforce: `log in again: ${LOGIN} --login-config=FILE`,
  impersonated:
    'let the caller impersonate the account: gcloud iam service-accounts add-iam-policy-binding ACCOUNT --member=MEMBER --role=roles/iam.serviceAccountTokenCreator',
  external:
    'check provider and attribute condition: gcloud iam workload-identity-pools providers describe PROVIDER --workload-identity-pool=POOL --location=global',
}
