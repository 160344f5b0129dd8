import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LiveSettings } from './live-settings.js';

/** Polling also sees a file in a volume of Kubernetes, where a link to a folder is replaced. */
const READ_EVERY_MS = 2_000;

/** Has settings that files give follow their files, for as long as the process runs. */
@Injectable()
export class FileWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly live: LiveSettings) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.live.renewFiles(), READ_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
