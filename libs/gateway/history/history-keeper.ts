import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '@fissile/kit/async';
import { runUnasked } from '@fissile/kit/observability';
import { Placement } from '@fissile/kit/rpc';
import { Activity } from '../activity/activity.js';
import { History, READ_EVERY_MS } from './history.js';
import { READ_FOR_HISTORY, readingOf } from './reading.js';

/** Reads all instances every ten seconds, and keeps what came of it for the graphs of the console. */
@Injectable()
export class HistoryKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  readonly history = new History();
  private readonly loop = new BackgroundLoop('history of the console', READ_EVERY_MS, () =>
    runUnasked(() => this.read()),
  );

  constructor(
    private readonly activity: Activity,
    private readonly placement: Placement,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  private async read(): Promise<boolean> {
    const { processes } = this.placement;
    const { instances } = await this.activity.read(READ_FOR_HISTORY);
    this.history.add(readingOf(Date.now(), processes, instances));
    return false;
  }
}
