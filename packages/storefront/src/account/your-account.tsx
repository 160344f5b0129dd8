import { Fault, useLoaded, useSubmit } from '@fissile/console';
import { session, shop } from '../shop/shop.ts';
import { OwnSecondFactor } from './second-factor.tsx';

/** What a customer may have done with what is kept of them. */
export function YourAccount({ onErased }: { onErased: () => void }) {
  const { value: profile, error } = useLoaded(() => shop.get('/api/users/me'), []);
  return (
    <>
      <Fault text={error} />
      {profile && (
        <p>
          You are signed in as {profile.name}, {profile.email}.
        </p>
      )}
      <OwnSecondFactor />
      <Export />
      <Erasure onErased={onErased} />
    </>
  );
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

function Erasure({ onErased }: { onErased: () => void }) {
  const { fault, isBusy, submit } = useSubmit(async (fields) => {
    const code = String(fields.get('code'));
    const password = String(fields.get('password'));
    await shop.delete('/api/users/me', { body: { password, ...(code !== '' && { code }) } });
    // What is shown of it goes away with the session.
    onErased();
    await session.end();
  });
  return (
    <form class="card narrow" aria-labelledby="erasure" onSubmit={submit}>
      <h2 id="erasure">Delete your account</h2>
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
      <div class="choices">
        <label>
          <input name="sure" type="checkbox" required />I know that there is no way back
        </label>
      </div>
      <Fault text={fault} />
      <button class="danger" disabled={isBusy}>
        Delete my account
      </button>
    </form>
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
