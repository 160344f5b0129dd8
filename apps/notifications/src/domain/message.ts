export interface Message {
  readonly subject: string;
  readonly body: string;
}

interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

export function welcome(name: string): Message {
  return {
    subject: 'Welcome to the shop',
    body: `Hello ${name},\n\nyour account is ready. We are glad that you are here.\n`,
  };
}

export function orderConfirmed(name: string, orderId: string, total: Money): Message {
  return {
    subject: `Your order ${shortId(orderId)} is confirmed`,
    body: `Hello ${name},\n\nthank you for your order ${orderId} of ${formatMoney(total)}. It is confirmed and paid.\n`,
  };
}

export function orderCancelled(name: string, orderId: string, reason: string): Message {
  return {
    subject: `Your order ${shortId(orderId)} is cancelled`,
    body: `Hello ${name},\n\nyour order ${orderId} is cancelled: ${reason}. Nothing remains to be paid for it.\n`,
  };
}

export function orderShipped(name: string, orderId: string): Message {
  return {
    subject: `Your order ${shortId(orderId)} is on its way`,
    body: `Hello ${name},\n\nyour order ${orderId} has left the shop and is on its way to you.\n`,
  };
}

export function orderReturned(name: string, orderId: string, total: Money): Message {
  return {
    subject: `Your order ${shortId(orderId)} is back with us`,
    body: `Hello ${name},\n\nyour order ${orderId} of ${formatMoney(total)} has come back to us, and we have given back what you paid for it.\n`,
  };
}

export function paymentRefunded(name: string, orderId: string, amount: Money): Message {
  return {
    subject: `We have refunded ${formatMoney(amount)}`,
    body: `Hello ${name},\n\nwe have given back ${formatMoney(amount)} for your order ${orderId}.\n`,
  };
}

const formats = new Map<string, Intl.NumberFormat>();

/** Creating a formatter takes far longer than using it, and there are few currencies. */
function formatOf(currency: string): Intl.NumberFormat {
  const known = formats.get(currency);
  if (known) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  formats.set(currency, format);
  return format;
}

/** With as many decimals as the currency has. */
export function formatMoney({ amountMinor, currency }: Money): string {
  const format = formatOf(currency);
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  // A decimal string keeps every digit; a division would not.
  const digits = String(amountMinor).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals);
  return format.format((fraction ? `${whole}.${fraction}` : whole) as Intl.StringNumericLiteral);
}

/** Ids begin with the time, so only their last characters distinguish them. */
function shortId(id: string): string {
  return id.slice(-8);
}
