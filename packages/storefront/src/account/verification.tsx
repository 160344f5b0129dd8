import { Fault, useLoaded } from '@fissile/console';
import { shop } from '../shop/shop.ts';
import { MailForm } from './mail-form.tsx';

/** Confirms an address by the token of a mail, and says whether that went well. */
export function Verification({ token }: { token: string }) {
  const { value: isConfirmed, error } = useLoaded(async () => {
    await shop.post('/api/users/verification/confirm', { body: { token } });
    return true;
  }, [token]);
  return (
    <>
      <Fault text={error} />
      <div role="status">{isConfirmed && <p class="outcome">Your email address is confirmed.</p>}</div>
      {error !== undefined && (
        <MailForm
          hint="A link is good once, and for a limited time. We can send you another one."
          button="Send another mail"
          sent="If this address has an account and is not confirmed yet, a mail is on its way to it."
          send={(email) => shop.post('/api/users/verification', { body: { email } })}
        />
      )}
      <p>
        <a href="/shop">Open the shop</a>
      </p>
    </>
  );
}
