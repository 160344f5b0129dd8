import { Injectable } from '@nestjs/common';
import type { Implementation } from '@fissile/kit/contract';
import type { Beta } from '../beta.context.js';
import type { GetHeldRequest, HoldRequest, ReleaseRequest, Slot } from '../generated/beta/beta.js';
import { SlotStore } from './slot-store.js';

/** The contract that other contexts call. */
@Injectable()
export class SlotsHandler implements Implementation<typeof Beta> {
  constructor(private readonly slots: SlotStore) {}

  async hold({ runId, slots }: HoldRequest): Promise<object> {
    await this.slots.hold(runId, slots);
    return {};
  }

  async release({ runId }: ReleaseRequest): Promise<object> {
    await this.slots.release(runId);
    return {};
  }

  async getHeld({ runId }: GetHeldRequest): Promise<{ slots: Slot[] }> {
    return { slots: await this.slots.heldBy(runId) };
  }
}
