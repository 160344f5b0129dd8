import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { BackgroundLoop } from '@fissile/kit/async';
import type { ConsulClient } from '@fissile/kit/config';
import type { Component } from '@fissile/kit/contract';
import { describeService, type ServiceDescription, serviceId } from './registered-service.js';
import { Registration } from './registration.js';

const RETRY_MS = 1_000;

/**
 * Registers with the Consul agent, and again whenever the agent has lost the registration, until this process stops.
 */
export class ConsulRegistration extends Registration {
  private readonly logger = new Logger('Discovery');
  private readonly loop: BackgroundLoop;
  private isKnown = false;
  private isRefused = false;

  /** @param settleMs milliseconds that the deregistration may take to reach other processes */
  constructor(
    private readonly client: ConsulClient,
    private readonly service: ServiceDescription,
    private readonly settleMs: number,
  ) {
    super();
    this.loop = new BackgroundLoop('registration with Consul', service.checkEveryMs, () => this.poll());
  }

  async register(): Promise<void> {
    await this.poll();
    this.loop.start();
  }

  async deregister(): Promise<void> {
    await this.loop.stop();
    try {
      await Promise.all(this.hosts.map((host) => this.deregisterOne(host)));
    } catch (error) {
      this.logger.warn(`Could not deregister from Consul: ${(error as Error).message}`);
      return;
    }
    await pause(this.settleMs);
  }

  private get hosts(): readonly Component[] {
    return this.service.self.hosts;
  }

  private async poll(): Promise<boolean> {
    try {
      await this.registerMissing();
      this.isRefused = false;
    } catch (error) {
      if (!this.isRefused) this.logger.warn(`Not registered with Consul: ${(error as Error).message}`);
      this.isRefused = true;
      this.loop.wakeIn(RETRY_MS);
    }
    return false;
  }

  private async registerMissing(): Promise<void> {
    const { body } = await this.client.ask('/v1/agent/services');
    const registered = JSON.parse(body ?? '{}') as object;
    const missing = this.hosts.filter((host) => !(this.idOf(host) in registered));
    for (const host of missing) {
      const description = describeService(host, this.service);
      await this.client.ask('/v1/agent/service/register', { method: 'PUT', body: description });
    }
    if (missing.length === 0) return;
    this.logger.log(
      this.isKnown
        ? 'Registered again with Consul, which had lost the registration'
        : 'Registered with Consul',
    );
    this.isKnown = true;
  }

  private async deregisterOne(host: Component): Promise<void> {
    const id = encodeURIComponent(this.idOf(host));
    await this.client.ask(`/v1/agent/service/deregister/${id}`, { method: 'PUT' });
  }

  private idOf(host: Component): string {
    return serviceId(this.service.prefix, host, this.service.self);
  }
}
