import { useState } from 'preact/hooks';
import { Fault, SessionEnd, SignInWays, messageOf } from '@fissile/console';
import { Registration } from './registration.tsx';
import { provider, session, signIn, signInAsVisitor } from './shop.ts';

const HINTS = {
  provider: 'With the account that you have there.',
  password: 'With the account that you have here.',
};

/** How one becomes a customer: with an account, here or at an external provider, or just for a look. */
export function Entrance() {
  const [isNew, setNew] = useState(false);
  return (
    <section aria-label="Who you are">
      <SessionEnd session={session} />
      {isNew ? <Registration onBack={() => setNew(false)} /> : <Ways onNew={() => setNew(true)} />}
    </section>
  );
}

function Ways({ onNew }: { onNew: () => void }) {
  return (
    <SignInWays
      provider={provider}
      hints={HINTS}
      forgotPassword="/account"
      begin={async (tokens) => session.begin(tokens)}
      signIn={signIn}
    >
      <Visitor onNew={onNew} />
      <h2>Or with your account</h2>
    </SignInWays>
  );
}

/** The shop itself makes the accounts of newcomers, so it must have some of its own. */
function Visitor({ onNew }: { onNew: () => void }) {
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
      <button type="button" onClick={onNew}>
        Make an account
      </button>
    </div>
  );
}
