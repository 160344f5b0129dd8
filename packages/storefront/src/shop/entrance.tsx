import { useState } from 'preact/hooks';
import { Fault, SignInForm, messageOf } from '@fissile/console';
import { signInAsVisitor, shop } from './shop.ts';

/** How one becomes a customer: with an account, or just for a look. */
export function Entrance() {
  const [fault, setFault] = useState<string>();
  return (
    <section aria-label="Who you are">
      <div class="card narrow">
        <p class="hint">
          Orders belong to somebody. As a visitor you get an account for as long as this tab is open.
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
      <h2>Or with your account</h2>
      <SignInForm
        hint="Accounts are made by POST /api/users."
        signIn={(credentials) => shop.session.signIn(credentials)}
      />
    </section>
  );
}
