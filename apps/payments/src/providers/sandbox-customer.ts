import { Injectable } from '@nestjs/common';
import { Database } from '@fissile/kit/database';

/** What the customer of a bank does about a charge of the sandbox that waits for an answer. */
@Injectable()
export class SandboxCustomer {
  constructor(private readonly database: Database) {}

  /**
   * Approves or declines the charge with this key.
   * @returns false when it does not wait for an answer
   */
  async answer(key: string, isApproved: boolean): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE sandbox_charges SET outcome = $2 WHERE key = $1 AND outcome = 'action_required' RETURNING key`,
      [key, isApproved ? 'captured' : 'declined'],
    );
    return rows.length === 1;
  }
}
