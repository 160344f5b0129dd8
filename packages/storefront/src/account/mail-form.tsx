import { Fault, useSubmit } from '@fissile/console';

interface MailFormProps {
  readonly hint: string;
  readonly button: string;
  /** What is said once the mail was asked for: the same whether or not there is an account. */
  readonly sent: string;
  send(email: string): Promise<unknown>;
}

/** Asks for the address that a mail is to go to. */
export function MailForm({ hint, button, sent, send }: MailFormProps) {
  const { fault, isBusy, isDone, submit } = useSubmit((fields) => send(String(fields.get('email'))));
  return (
    <form class="card narrow" onSubmit={submit}>
      <p class="hint">{hint}</p>
      <label>
        Email
        <input name="email" type="email" autocomplete="username" required />
      </label>
      <Fault text={fault} />
      <div role="status">{isDone && sent}</div>
      <button class="primary" disabled={isBusy}>
        {button}
      </button>
    </form>
  );
}
