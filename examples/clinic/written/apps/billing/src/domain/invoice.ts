export type InvoiceStatus = 'paid' | 'refunded' | 'void';

export interface Invoice {
  readonly id: string;
  readonly userId: string;
  readonly note: string;
  readonly amountMinor: number;
  readonly status: InvoiceStatus;
  readonly createdAt: Date;
}

/** A card that the sandbox refuses. */
const DECLINED = 'declined';

/** Whether the bank pays. Here a real provider would be asked. */
export function isAccepted(card: string): boolean {
  return card !== DECLINED;
}
