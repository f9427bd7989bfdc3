import { LOGIN, projectWord } from './commands.ts'
import type { Asked, Credential, Told } from './diagnosis.ts'

const ACCOUNT: Told = {
  says: 'See whether the service account is there, and not disabled.',
  command: 'gcloud iam service-accounts describe ACCOUNT',
}

/** What gives credentials of each kind anew, or shows what is wrong with them. */
const RENEWALS: Record<Credential, Told> = {
  'api-key': { says: 'Look for the key among those of its project.', command: 'gcloud services api-keys list' },
  token: { says: 'Paste a new token.', command: 'gcloud auth print-access-token' },
  source: { says: 'Look at the token source that is given.' },
  user: { says: 'Log in again.', command: LOGIN },
  'named-user': {
    says: 'Log in again, and unset GOOGLE_APPLICATION_CREDENTIALS, which names an older login.',
    command: LOGIN,
  },
  workforce: { says: 'Log in again.', command: `${LOGIN} --login-config=FILE` },
  'service-account': ACCOUNT,
  impersonated: ACCOUNT,
  metadata: ACCOUNT,
  external: {
    says: 'Look at the provider that they come from.',
    command:
      'gcloud iam workload-identity-pools providers describe PROVIDER --workload-identity-pool=POOL --location=global',
  },
}

/** What gives credentials that are accepted, of the kind that was used. */
export function renewal({ credential, project }: Asked): Told {
  if (credential === undefined) return { says: 'Renew them where they come from.' }
  const { says, command } = RENEWALS[credential]
  if (command === undefined) return { says }
  return { says, command: credential === 'api-key' ? `${command} --project=${projectWord(project)}` : command }
}

/** What gives a token that may be used for Vertex AI. Accounts and federations are always asked for one. */
export function scopeRenewal(asked: Asked): Told {
  switch (asked.credential) {
    case 'token':
    case 'user':
    case 'named-user':
    case 'workforce':
      return renewal(asked)
    case 'metadata':
      return {
        says: 'Stop the machine, give it the scope, and start it again.',
        command: 'gcloud compute instances set-service-account INSTANCE --scopes=cloud-platform',
      }
    default:
      return { says: 'Ask for it where the token comes from.' }
  }
}
