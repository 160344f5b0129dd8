import { Injectable } from '@nestjs/common';
import { type FoundUser, type Implementation, Users } from '@fissile/kit/contract';
import { ContractBinding, Placement } from '@fissile/kit/rpc';

/** Who users are, of a product that has accounts: operators know people by their addresses. */
@Injectable()
export class People {
  constructor(
    private readonly binding: ContractBinding,
    private readonly placement: Placement,
  ) {}

  /** Whether the product has accounts. */
  get areKnown(): boolean {
    return this.context !== undefined;
  }

  /** Those that there are, by id; none while the context of accounts does not answer. */
  async byId(ids: readonly (string | null)[]): Promise<ReadonlyMap<string, FoundUser>> {
    const userIds = [...new Set(ids.flatMap((id) => id ?? []))];
    if (userIds.length === 0) return new Map();
    try {
      const found = await this.accounts?.findUsers({ userIds });
      return new Map(found?.users.map((user) => [user.userId, user]));
    } catch {
      // A list is worth more than the addresses in it.
      return new Map();
    }
  }

  /** @throws ContextError when the context of accounts does not answer */
  async byEmail(email: string): Promise<FoundUser | undefined> {
    const found = await this.accounts?.findUsers({ userIds: [], email });
    return found?.users[0];
  }

  private get context(): string | undefined {
    return this.placement.product.contexts.find(({ contract }) => contract === Users)?.name;
  }

  private get accounts(): Implementation<typeof Users> | undefined {
    const { context } = this;
    return context === undefined ? undefined : this.binding.client(Users, context, { caller: 'gateway' });
  }
}
