import type { Resource } from '@fissile/client';
import { addressWith, Badge, Fault, IdLink, Time, useEvery, useLoaded } from '@fissile/console';
import { shop } from './shop.ts';

type Mail = Resource<'MailWithText'>;

const POLL_EVERY_MS = 5_000;

const MEANINGS: Readonly<Record<Mail['status'], string>> = {
  pending: 'It is still to be sent.',
  sent: 'The mail server has taken it.',
  refused: 'The mail server knows no such mailbox. It is not tried again.',
  withheld: 'Nobody has confirmed the address, so nothing was sent there.',
};

/** One mail, as its recipient sees it, and what has become of it. */
export function MailPage({ id }: { id: string }) {
  const { value, error, reload } = useLoaded(
    () => shop.get('/api/notifications/mails/{id}', { params: { path: { id } } }),
    [id],
  );
  useEvery(POLL_EVERY_MS, reload, value?.status === 'pending');
  return (
    <>
      <p>
        <a href="#/staff/mails">All mails</a>
      </p>
      <h1 tabIndex={-1}>Mail</h1>
      <Fault text={error} />
      {!value && !error && <p class="empty">Loading…</p>}
      {value && (
        <div class="split">
          <MailFacts mail={value} />
          <article class="card" aria-labelledby="subject">
            <h2 id="subject">{value.subject}</h2>
            <p class="mail-text">{value.text}</p>
          </article>
        </div>
      )}
    </>
  );
}

function MailFacts({ mail }: { mail: Mail }) {
  const { id, to, type, status, attempts, orderId, createdAt, sentAt, nextAttemptAt } = mail;
  return (
    <dl class="facts card">
      <dt>Id</dt>
      <dd class="id">{id}</dd>
      <dt>To</dt>
      <dd>
        <a href={addressWith('#/staff/mails', { recipient: to })}>{to}</a>
      </dd>
      <dt>State</dt>
      <dd aria-live="polite">
        <Badge state={status} /> {MEANINGS[status]}
      </dd>
      <dt>Attempts</dt>
      <dd>{attempts}</dd>
      <dt>Written</dt>
      <dd>
        <Time at={createdAt} />
      </dd>
      {sentAt !== null && <Moment label="Sent" at={sentAt} />}
      {nextAttemptAt !== null && <Moment label="Next attempt" at={nextAttemptAt} />}
      <dt>About</dt>
      <dd>{type}</dd>
      {orderId !== null && (
        <>
          <dt>Order</dt>
          <dd>
            <IdLink id={orderId} href={`#/staff/orders/${orderId}`} />
          </dd>
        </>
      )}
    </dl>
  );
}

function Moment({ label, at }: { label: string; at: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <Time at={at} />
      </dd>
    </>
  );
}
