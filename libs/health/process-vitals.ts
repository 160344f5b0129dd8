import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type HealthIndicatorResult, MemoryHealthIndicator } from '@nestjs/terminus';
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { EventLoopLag } from './event-loop-lag.js';
import { HealthRegistry } from './health-registry.js';
import { HealthSettings } from './health.settings.js';

export const DATA_FOLDER = Symbol('the folder of what a process keeps on disk');

const MIB = 1024 * 1024;
const HEAP_TO_USE = 0.95;

/**
 * Disk, memory and event loop in /health. They do not make a process unready: what overloads one of several instances
 * overloads them all, and removing one would leave the others with more.
 */
@Injectable()
export class ProcessVitals implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly settings: HealthSettings,
    private readonly memory: MemoryHealthIndicator,
    private readonly lag: EventLoopLag,
    @Inject(DATA_FOLDER) private readonly folder: string,
    registry: HealthRegistry,
  ) {
    registry.addVital('disk', () => this.checkDisk());
    registry.addVital('memory', () => this.checkMemory());
    registry.addVital('event_loop', () => this.checkEventLoop());
  }

  onApplicationBootstrap(): void {
    this.lag.start();
  }

  onApplicationShutdown(): void {
    this.lag.stop();
  }

  /** Terminus' own check knows how much may be used and not how much must be free, and starts `df` to see it. */
  private async checkDisk(): Promise<void> {
    const { bavail, bsize } = await statfs(nearestFolder(this.folder));
    if (bavail * bsize < this.settings.HEALTH_DISK_MIN_FREE_MB * MIB) throw new Error('the disk is full');
  }

  private async checkMemory(): Promise<void> {
    const { HEALTH_MEMORY_MAX_MB: mostMb } = this.settings;
    throwIfDown(
      mostMb === undefined
        ? await this.memory.checkHeap('memory', HEAP_TO_USE * getHeapStatistics().heap_size_limit)
        : await this.memory.checkRSS('memory', mostMb * MIB),
    );
  }

  private async checkEventLoop(): Promise<void> {
    if (this.lag.lastingMs > this.settings.HEALTH_EVENT_LOOP_MAX_LAG_MS)
      throw new Error('the event loop is late');
  }
}

function throwIfDown(result: HealthIndicatorResult): void {
  for (const [name, { status }] of Object.entries(result)) {
    if (status !== 'up') throw new Error(`${name} is ${status}`);
  }
}

/** The first write creates it. */
function nearestFolder(folder: string): string {
  const path = resolve(folder);
  return existsSync(path) ? path : nearestFolder(dirname(path));
}
