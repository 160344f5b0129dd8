import { hasCode } from '@fissile/client';
import { Fault, useLoaded, useSubmit } from '@fissile/console';
import { session, shop } from '../shop/shop.ts';
import { OwnSecondFactor } from './second-factor.tsx';

/** What a customer may have done with what is kept of them. */
export function YourAccount({ onErased }: { onErased: () => void }) {
  const { value: profile, error } = useLoaded(ownProfile, []);
  return (
    <>
      <Fault text={error} />
      {profile && (
        <p>
          You are signed in as {profile.name}, {profile.email}.
        </p>
      )}
      {profile === null && <p>You sign in at another provider, and have no account here.</p>}
      {profile && <OwnSecondFactor />}
      <Export />
      {profile !== undefined && <Erasure hasAccount={profile !== null} onErased={onErased} />}
    </>
  );
}

/** Null for who signs in at a provider and has no account. */
async function ownProfile() {
  try {
    return await shop.get('/api/users/me');
  } catch (error) {
    if (hasCode(error, 'user_not_found')) return null;
    throw error;
  }
}

function Export() {
  const { fault, isBusy, isDone, submit } = useSubmit(async () => {
    save(JSON.stringify(await shop.get('/api/users/me/export'), undefined, 2));
  });
  return (
    <form class="card narrow" aria-labelledby="export" onSubmit={submit}>
      <h2 id="export">Your data</h2>
      <p class="hint">A file with all that the shop keeps of you: account, orders, payments, and mails.</p>
      <Fault text={fault} />
      <div role="status">{isDone && 'Your data is in the file personal-data.json.'}</div>
      <button disabled={isBusy}>Export my data</button>
    </form>
  );
}

function Erasure({ hasAccount, onErased }: { hasAccount: boolean; onErased: () => void }) {
  const { fault, isBusy, submit } = useSubmit(async (fields) => {
    const given = (name: string) => String(fields.get(name) ?? '') || undefined;
    await shop.delete('/api/users/me', { body: { password: given('password'), code: given('code') } });
    // What is shown of it goes away with the session.
    onErased();
    await session.end();
  });
  const what = hasAccount ? 'account' : 'data';
  return (
    <form class="card narrow" aria-labelledby="erasure" onSubmit={submit}>
      <h2 id="erasure">Delete your {what}</h2>
      {hasAccount ? <ProofOfOwner /> : <AtTheProvider />}
      <div class="choices">
        <label>
          <input name="sure" type="checkbox" required />I know that there is no way back
        </label>
      </div>
      <Fault text={fault} />
      <button class="danger" disabled={isBusy}>
        Delete my {what}
      </button>
    </form>
  );
}

function ProofOfOwner() {
  return (
    <>
      <p class="hint">
        Your name, address and mails are deleted, and you cannot sign in any more. Orders and payments stay in
        the books, without your name.
      </p>
      <label>
        Password
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <label>
        Code of your second factor, if you have set one up
        <input name="code" autocomplete="one-time-code" />
      </label>
    </>
  );
}

function AtTheProvider() {
  return (
    <p class="hint">
      What the shop keeps of you is deleted. Orders and payments stay in the books, under a number that your
      provider’s account leads to: delete that account there, if nobody is to know any more.
    </p>
  );
}

/** As a file, by the browser. */
function save(text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = 'personal-data.json';
  link.click();
  URL.revokeObjectURL(link.href);
}
