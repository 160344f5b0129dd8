import { CleanUp, type Database } from '@fissile/kit/database';

/** How long a network that a user signed in from is spared when others guess at the account. */
const NETWORKS_KEPT_DAYS = 90;

/** Deletes mails and logins that no limit counts any more, tokens that have expired, and networks not seen for long. */
export function accountCleanUp(database: Database): CleanUp {
  return new CleanUp('accounts', database, [
    { table: 'account_mails', since: 'created_at', days: 1 },
    { table: 'account_tokens', since: 'expires_at', days: 0 },
    { table: 'login_attempts', since: 'expires_at', days: 0 },
    { table: 'known_networks', since: 'seen_at', days: NETWORKS_KEPT_DAYS },
  ]);
}
