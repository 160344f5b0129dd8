import { useState } from 'preact/hooks';
import { Fault, SessionEnd, SignInWays, messageOf } from '@fissile/console';
import { provider, session, signIn, signInAsVisitor } from './shop.ts';

const HINTS = {
  provider: 'With the account that you have there.',
  password: 'Accounts are made by POST /api/users.',
};

/** How one becomes a customer: with an account, here or at an external provider, or just for a look. */
export function Entrance() {
  return (
    <section aria-label="Who you are">
      <SessionEnd session={session} />
      <SignInWays
        provider={provider}
        hints={HINTS}
        forgotPassword="/account"
        begin={async (tokens) => session.begin(tokens)}
        signIn={signIn}
      >
        <Visitor />
        <h2>Or with your account</h2>
      </SignInWays>
    </section>
  );
}

/** The shop itself makes the account, so it must have some of its own. */
function Visitor() {
  const [fault, setFault] = useState<string>();
  return (
    <div class="card narrow">
      <p class="hint">
        Orders belong to somebody. As a visitor you get an account for as long as this browser is open.
      </p>
      <Fault text={fault} />
      <button
        type="button"
        class="primary"
        onClick={() => void signInAsVisitor().catch((error: unknown) => setFault(messageOf(error)))}
      >
        Go on as a visitor
      </button>
    </div>
  );
}
