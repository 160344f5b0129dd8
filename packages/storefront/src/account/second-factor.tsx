import { Fault, RecoveryCodes, SecondFactorSetUp, useLoaded, useSubmit } from '@fissile/console';
import { useState } from 'preact/hooks';
import { shop } from '../shop/shop.ts';

const PATH = '/api/users/me/second-factor';

/** Whether signing in needs a code, and what changes that. */
export function OwnSecondFactor() {
  const [changes, setChanges] = useState(0);
  const { value: factor, error } = useLoaded(() => shop.get(PATH), [changes]);
  const changed = (): void => setChanges((count) => count + 1);
  return (
    <section aria-labelledby="second-factor">
      <h2 id="second-factor">Second factor</h2>
      <Fault text={error} />
      <p role="status">{factor && stateOf(factor)}</p>
      {factor && !factor.active && (
        <SecondFactorSetUp
          key={changes}
          begin={(password) => shop.post(PATH, { body: { password } })}
          confirm={async (code) => (await shop.post(`${PATH}/confirm`, { body: { code } })).recoveryCodes}
          done={changed}
        />
      )}
      {factor?.active && <Changes key={changes} changed={changed} />}
    </section>
  );
}

function stateOf({ active, required, recoveryCodes }: Factor): string {
  if (active)
    return `Signing in needs a code of your authenticator app. ${recoveryCodes} recovery codes are left.`;
  return required
    ? 'Your account needs one: until you have set it up, you are no admin.'
    : 'Your password is enough to sign in. An authenticator app makes it safer.';
}

interface Factor {
  readonly active: boolean;
  readonly required: boolean;
  readonly recoveryCodes: number;
}

/** By the password and a code: who finds the page open can change nothing. */
function Changes({ changed }: { changed(): void }) {
  const [codes, setCodes] = useState<readonly string[]>();
  const { fault, isBusy, submit } = useSubmit(async (fields) => {
    const body = { password: String(fields.get('password')), code: String(fields.get('code')) };
    if (fields.get('what') === 'remove') {
      await shop.post(`${PATH}/remove`, { body });
      changed();
    } else setCodes((await shop.post(`${PATH}/recovery-codes`, { body })).recoveryCodes);
  });
  if (codes) return <RecoveryCodes codes={codes} done={changed} />;
  return (
    <form class="card narrow" onSubmit={submit}>
      <label>
        Password
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <label>
        Code, or a recovery code
        <input name="code" autocomplete="one-time-code" autocapitalize="off" required />
      </label>
      <fieldset class="choices">
        <legend>What to do</legend>
        <label>
          <input type="radio" name="what" value="renew" defaultChecked />
          Get new recovery codes
        </label>
        <label>
          <input type="radio" name="what" value="remove" />
          Remove the second factor
        </label>
      </fieldset>
      <Fault text={fault} />
      <button class="primary" disabled={isBusy}>
        Go on
      </button>
    </form>
  );
}
