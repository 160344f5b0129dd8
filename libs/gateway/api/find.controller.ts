import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Product } from '@fissile/kit/contract';
import { AdminOnly, ApiProblems, Id, textLine } from '@fissile/kit/http';
import { OperatorView } from '../operator-view.js';
import { People } from '../people.js';
import { MissingContexts } from './operations.resources.js';

const FOUND_OF_A_KIND = 5;

const FindQuery = z.strictObject({
  q: textLine(200).meta({ description: 'An id of anything, what a saga is about, or an email address' }),
});

const FoundResource = z
  .object({
    kind: z.enum(['saga', 'dead letter', 'user', 'audit records']).meta({ description: 'What it is' }),
    id: z.string().meta({ description: 'Its id; that of the subject for audit records' }),
    title: z.string().meta({ example: 'billing: send-invoice, completed' }),
  })
  .meta({ id: 'Found' });

const LinkResource = z
  .object({
    kind: z.string().meta({ description: 'What it is, if it is there', example: 'visit' }),
    api: z.string().meta({ description: 'Answers it; with 404 when there is none of that id' }),
    page: z.string().meta({ description: 'Shows it' }),
  })
  .meta({ id: 'FindLink' });

export const FindResource = z
  .object({
    items: z.array(FoundResource),
    links: z.array(LinkResource).meta({ description: 'Where else an id may lead: things of the product' }),
    missing: MissingContexts,
  })
  .meta({ id: 'FindResult' });

type Found = z.output<typeof FoundResource>;
type FindResult = z.output<typeof FindResource>;
/** What one kind of thing has by an id. */
type FoundOfKind = Omit<FindResult, 'links'>;

/** What an id, or an address, belongs to. */
@ApiTags('Operations')
@AdminOnly()
@Controller('api/admin/find')
export class FindController {
  constructor(
    private readonly view: OperatorView,
    private readonly people: People,
    private readonly product: Product,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Find what an id or an email address belongs to' })
  @ApiResponse({
    status: 200,
    description: 'What there is, of each kind a few',
    standardSchema: FindResource,
  })
  @ApiProblems('validation_failed', 'unavailable')
  async find(@Query({ schema: FindQuery }) { q }: z.output<typeof FindQuery>): Promise<FindResult> {
    const text = q.trim();
    const id = Id.safeParse(text);
    const answers = await Promise.all([
      this.sagas(id.data ?? text),
      ...(id.success ? [this.deadLetters(id.data)] : []),
      this.users(id.data, text),
      this.auditRecords(id.data ?? text),
    ]);
    const missing = new Map(answers.flatMap((answer) => answer.missing).map((each) => [each.context, each]));
    return {
      items: answers.flatMap(({ items }) => items),
      links: id.success ? this.linksTo(id.data) : [],
      missing: [...missing.values()],
    };
  }

  private linksTo(id: string): FindResult['links'] {
    const filled = (path: string): string => path.replaceAll('{id}', id);
    return this.product.findLinks.map(({ kind, api, page }) => ({
      kind,
      api: filled(api),
      page: filled(page),
    }));
  }

  private async sagas(id: string): Promise<FoundOfKind> {
    const { items, missing } = await this.view.listSagas({ id, limit: FOUND_OF_A_KIND });
    const found = items.map((saga): Found => {
      return { kind: 'saga', id: saga.id, title: `${saga.context}: ${saga.name}, ${saga.status}` };
    });
    return { items: found, missing: [...missing] };
  }

  private async deadLetters(id: string): Promise<FoundOfKind> {
    const { items, missing } = await this.view.listDeadLetters({ id, limit: FOUND_OF_A_KIND });
    const found = items.map((letter): Found => {
      return { kind: 'dead letter', id: letter.id, title: `${letter.context}: ${letter.type}` };
    });
    return { items: found, missing: [...missing] };
  }

  private async users(id: string | undefined, text: string): Promise<FoundOfKind> {
    const found = id === undefined ? await this.byEmail(text) : [...(await this.people.byId([id])).values()];
    const items = found.map(({ userId, email, name }): Found => {
      return { kind: 'user', id: userId, title: `${name}, ${email}` };
    });
    return { items, missing: [] };
  }

  private async byEmail(text: string) {
    const user = z.email().safeParse(text).success ? await this.people.byEmail(text) : undefined;
    return user ? [user] : [];
  }

  private async auditRecords(subject: string): Promise<FoundOfKind> {
    const { items, missing } = await this.view.listAuditEvents({ subject, limit: 1 });
    const found = items.map((event): Found => {
      return { kind: 'audit records', id: subject, title: `of it, the last is ${event.action}` };
    });
    return { items: found, missing: [...missing] };
  }
}
