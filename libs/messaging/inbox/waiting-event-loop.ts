import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '@fissile/kit/async';
import { Inbox } from './inbox.js';

const POLL_EVERY_MS = 1000;

/** Handles the events that waited behind a dead letter, once that is replayed or discarded. */
@Injectable()
export class WaitingEventLoop implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop: BackgroundLoop;

  constructor(inbox: Inbox) {
    const name = `waiting events of ${inbox.context}`;
    this.loop = new BackgroundLoop(name, POLL_EVERY_MS, () => inbox.handleFreed());
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }
}
