import { Controller, Get, Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  defineContext,
  defineProduct,
  type GetContactsRequest,
  type GetContactsResponse,
  Users,
} from '@fissile/kit/contract';
import { GatewayKitModule } from '@fissile/kit/gateway';
import { Public } from '@fissile/kit/http';
import { CallDeadline, runInCall } from '@fissile/kit/request';
import { implement } from '@fissile/kit/rpc';
import { type Call, reportReady } from './probe-messages.js';

/** Longer than any measuring takes. */
const OPEN_FOR_MS = 3_600_000;

/** Two contexts that do nothing but call, and answer: what is left is what a call, a process and a request cost. */
export const probe = defineProduct({
  name: 'Probe',
  description: 'Measures what a call between processes costs on this machine.',
  contexts: [defineContext({ name: 'near' }), defineContext({ name: 'far', contract: Users })],
});

@Injectable()
class Answers {
  /** As much as was sent. */
  async getContacts({ userIds }: GetContactsRequest): Promise<GetContactsResponse> {
    return { contacts: userIds.map((userId) => ({ userId, email: '', name: '' })) };
  }
}

@Public()
@Controller('api/far')
class FarController {
  @Get()
  read(): { done: boolean } {
    return { done: true };
  }
}

@Injectable()
class Caller implements OnApplicationBootstrap {
  constructor(private readonly far: Users) {}

  onApplicationBootstrap(): void {
    const cancellation = new CallDeadline(OPEN_FOR_MS);
    const request = {
      requestId: randomUUID(),
      traceId: randomUUID().replaceAll('-', ''),
      deadline: cancellation.at,
      cancellation,
    };
    const call: Call = (userIds) => runInCall(request, () => this.far.getContacts({ userIds }));
    void until(() => call([])).then(() => reportReady(call));
  }
}

/** The far side listens a moment later. */
async function until(work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch {
      await pause(100);
    }
  }
}

@Injectable()
class Callee implements OnApplicationBootstrap {
  onApplicationBootstrap(): void {
    reportReady();
  }
}

@Module({ imports: [GatewayKitModule.for({ product: probe })] })
export class GatewayModule {
  static readonly context = 'gateway';
}

@Module({ providers: [Caller] })
export class NearModule {
  static readonly context = 'near';
}

@Module({ controllers: [FarController], providers: [Answers, implement(Users, 'far', Answers as never)] })
export class FarModule {
  static readonly context = 'far';
}

/** The far side in a process of its own, which says when it is ready. */
@Module({ imports: [FarModule], providers: [Callee] })
export class LoneFarModule {
  static readonly context = 'far';
}
