import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { isAdmin } from '@fissile/kit/auth';
import type { Caller } from '@fissile/kit/request';
import { RouteRules } from './route-rules.js';
import { ThrottleSettings } from './throttle.settings.js';
import type { BucketLimit, RequestCost } from './token-bucket.js';

/** The cost of a request, and the buckets that it takes from, by the current settings. */
@Injectable()
export class ClientLimits {
  private readonly ofRoutes: RouteRules;
  private readonly costs: RouteRules;

  constructor(private readonly settings: ThrottleSettings) {
    this.ofRoutes = new RouteRules(() => settings.THROTTLE_ROUTES);
    this.costs = new RouteRules(() => settings.THROTTLE_COSTS);
  }

  /** One bucket per client for all routes, and one more for each route that has its own limit. */
  costsOf(client: string, caller: Caller | undefined, request: IncomingMessage): RequestCost[] {
    const cost = Number(this.costs.find(request)?.value ?? 1);
    const ofClient = { key: client, limit: this.limitOf(client, caller), cost };
    const rule = this.ofRoutes.find(request);
    if (!rule) return [ofClient];
    const [rate, burst] = rule.value.split('/').map(Number);
    const limit = { rate: rate ?? 1, burst: burst ?? 1 };
    return [ofClient, { key: `${client} ${rule.route}`, limit, cost: 1 }];
  }

  /** Pages, documents and metrics have a bucket of their own, so that they are there when the API is used up. */
  costOfPage(client: string): RequestCost {
    const { THROTTLE_PAGES_RATE: rate, THROTTLE_PAGES_BURST: burst } = this.settings;
    return { key: `${client} pages`, limit: { rate, burst }, cost: 1 };
  }

  private limitOf(client: string, caller: Caller | undefined): BucketLimit {
    const { THROTTLE_RATE, THROTTLE_BURST, THROTTLE_ADMIN_RATE, THROTTLE_ADMIN_BURST } = this.settings;
    const { THROTTLE_ADDRESS_RATE = THROTTLE_RATE, THROTTLE_ADDRESS_BURST = THROTTLE_BURST } = this.settings;
    if (client.startsWith('address ')) return { rate: THROTTLE_ADDRESS_RATE, burst: THROTTLE_ADDRESS_BURST };
    return caller && isAdmin(caller)
      ? { rate: THROTTLE_ADMIN_RATE, burst: THROTTLE_ADMIN_BURST }
      : { rate: THROTTLE_RATE, burst: THROTTLE_BURST };
  }
}
