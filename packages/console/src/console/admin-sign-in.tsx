import { SignInWays } from '../shared/sign-in-ways.tsx';
import { beginAsAdmin, provider, signInAsAdmin } from './product.ts';

const HINTS = {
  provider: 'For admins.',
  password:
    'For admins. The first start of a product prints the first admin’s password and keeps it in .data/admin-credentials.json.',
};

/** Lets admins in. */
export function AdminSignIn() {
  return <SignInWays provider={provider} hints={HINTS} begin={beginAsAdmin} signIn={signInAsAdmin} />;
}
