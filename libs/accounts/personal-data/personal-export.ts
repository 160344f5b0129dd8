import { Injectable } from '@nestjs/common';
import { ContextError, type ContextName } from '@fissile/kit/contract';
import { PersonalDataClients } from '@fissile/kit/operations';

/** All of an answer is in memory until it is sent. */
const MAX_CHARACTERS = 16_000_000;
/** What a client is told to wait for a context that is unavailable, in seconds. */
const RETRY_AFTER = 5;

/** Lists of what a context keeps, by what it is. */
export type KeptRecords = Record<string, Record<string, unknown>[]>;

/** Puts together what all contexts keep of a person. */
@Injectable()
export class PersonalExport {
  constructor(private readonly clients: PersonalDataClients) {}

  /**
   * By context: all of them, or none.
   * @throws ContextError unavailable, with the context that is as `context`; export_too_large
   */
  async of(userId: string): Promise<Record<ContextName, KeptRecords>> {
    const size = { characters: 0 };
    const parts = await Promise.all(
      this.clients.contexts.map(
        async (context) => [context, await this.allOf(context, userId, size)] as const,
      ),
    );
    return Object.fromEntries(parts);
  }

  private async allOf(
    context: ContextName,
    userId: string,
    size: { characters: number },
  ): Promise<KeptRecords> {
    const all: KeptRecords = {};
    let cursor: string | undefined;
    do {
      const page = await this.pageOf(context, userId, cursor);
      size.characters += page.records.length;
      if (size.characters > MAX_CHARACTERS) throw ContextError.of('export_too_large');
      for (const [kind, records] of Object.entries(JSON.parse(page.records) as KeptRecords)) {
        (all[kind] ??= []).push(...records);
      }
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return all;
  }

  private async pageOf(context: ContextName, userId: string, cursor: string | undefined) {
    try {
      return await this.clients.of(context).exportPerson({ userId, cursor });
    } catch (error) {
      if (!(error instanceof ContextError) || error.code === 'cancelled') throw error;
      const details = { context, retryAfter: RETRY_AFTER };
      throw ContextError.of(
        'unavailable',
        `${context} is unavailable, and an export has all or nothing`,
        details,
      );
    }
  }
}
