import { Injectable } from '@nestjs/common';
import { AuditLog } from '@fissile/kit/operations';
import type { Transaction } from '@fissile/kit/database';
import { currentCall } from '@fissile/kit/request';

/** Records that an admin cancels another user's order. */
@Injectable()
export class CancellationRecord {
  constructor(private readonly audit: AuditLog) {}

  async add(transaction: Transaction, orderId: string, ownerId: string): Promise<void> {
    const call = currentCall();
    // A saga's steps run without a caller, and know the actor of the request that started it.
    const userId = call?.caller?.userId ?? call?.userId;
    if (userId === undefined || userId === ownerId) return;
    await this.audit.record(transaction, { action: 'order.cancelled', subject: orderId });
  }
}
