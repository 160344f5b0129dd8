import { z } from 'zod';
import { Id } from '@fissile/kit/http';
import type { Invoice } from '../domain/invoice.js';

export const InvoiceResource = z
  .object({
    id: Id,
    note: z.string(),
    amountMinor: z.int(),
    status: z.enum(['paid', 'refunded', 'void']),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Invoice' });

export type InvoiceResource = z.output<typeof InvoiceResource>;

export function toResource({ id, note, amountMinor, status, createdAt }: Invoice): InvoiceResource {
  return { id, note, amountMinor, status, createdAt: createdAt.toISOString() };
}
