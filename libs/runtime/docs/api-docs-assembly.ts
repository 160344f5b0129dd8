import { Injectable, Logger } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { ContextName } from '@fissile/kit/contract';
import { Balancer, originOf, InternalTokens, Placement } from '@fissile/kit/rpc';
import { INTERNAL_TOKEN } from '@fissile/kit/request';
import { DOCS_JSON } from './api-docs-path.js';

const FRESH_MS = 10_000;
const ASK_TIMEOUT_MS = 2_000;
/** A process builds its document when it is asked for the first time, which takes long on a small machine where all do so at once. */
const FIRST_TIMEOUT_MS = 10_000;

/** Puts the documents of all processes together. A process that is down is shown as it last was. */
@Injectable()
export class ApiDocsAssembly {
  private readonly logger = new Logger(ApiDocsAssembly.name);
  private readonly known = new Map<ContextName, { document: OpenAPIObject; askedAt: number }>();
  private own: (() => OpenAPIObject) | undefined;

  constructor(
    private readonly placement: Placement,
    private readonly tokens: InternalTokens,
    private readonly balancer: Balancer,
  ) {}

  /** @param own builds the document of what this process hosts, once */
  begin(own: () => OpenAPIObject): void {
    this.own = own;
  }

  /** Of the whole product, as far as it is known. */
  get document(): OpenAPIObject {
    if (!this.own) throw new Error('the document was requested before it could be built');
    return [...this.known.values()].map(({ document }) => document).reduce(merge, this.own());
  }

  async refresh(): Promise<void> {
    await Promise.all(this.placement.otherProcesses.map((context) => this.refreshOne(context)));
  }

  private async refreshOne(context: ContextName): Promise<void> {
    const known = this.known.get(context);
    if (known && Date.now() - known.askedAt < FRESH_MS) return;
    const timeoutMs = known ? ASK_TIMEOUT_MS : FIRST_TIMEOUT_MS;
    try {
      const headers = { [INTERNAL_TOKEN]: await this.tokens.tokenFor(context) };
      const response = await this.balancer.execute({
        context,
        protocol: 'http',
        tried: new Set(),
        send: (instance) =>
          fetch(originOf(instance) + DOCS_JSON, { headers, signal: AbortSignal.timeout(timeoutMs) }),
        outcome: () => 'failed',
      });
      if (!response.ok) throw new Error(`it answered ${response.status}`);
      this.known.set(context, { document: (await response.json()) as OpenAPIObject, askedAt: Date.now() });
    } catch (error) {
      this.logger.warn(`The API of ${context} cannot be read now: ${(error as Error).message}`);
    }
  }
}

function merge(one: OpenAPIObject, other: OpenAPIObject): OpenAPIObject {
  return {
    ...one,
    paths: { ...one.paths, ...other.paths },
    components: {
      ...one.components,
      schemas: { ...one.components?.schemas, ...other.components?.schemas },
    },
  };
}
