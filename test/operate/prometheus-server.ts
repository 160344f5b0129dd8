import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { freePort, until } from '@fissile/kit/testing';
import type { Prometheus } from './promtool.js';

interface ScrapeConfig {
  readonly job_name: string;
}

/** A Prometheus with the project's configuration, except for the address and scrape interval of its only target. */
export class PrometheusServer {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  /** @param target such as `127.0.0.1:3000` */
  static async start({ server }: Prometheus, target: string): Promise<PrometheusServer> {
    const folder = mkdtempSync(join(tmpdir(), 'fissile-prometheus-'));
    writeFileSync(join(folder, 'prometheus.yml'), stringify(configurationFor(target)));
    const port = await freePort();
    const child = spawn(
      server,
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--enable-feature=exemplar-storage',
      ],
      { stdio: 'ignore' },
    );
    const running = new PrometheusServer(`http://127.0.0.1:${port}`, child, folder);
    await until('Prometheus is ready', () =>
      fetch(`${running.url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return running;
  }

  /** The data that its API returns. @throws Error with its message when it rejects the request */
  async ask<Data>(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<Data> {
    const answer = await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const { status, error, data } = (await answer.json()) as { status: string; error?: string; data: Data };
    if (status !== 'success') throw new Error(error);
    return data;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
    rmSync(this.folder, { recursive: true });
  }
}

function configurationFor(target: string): object {
  const own = parse(readFileSync('deploy/prometheus/prometheus.yml', 'utf8')) as {
    global: object;
    scrape_configs: ScrapeConfig[];
  };
  const { job_name: job } = own.scrape_configs[0] as ScrapeConfig;
  return {
    ...own,
    global: { ...own.global, scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [resolve('deploy/prometheus/rules/*.yml')],
    scrape_configs: [
      { job_name: job, static_configs: [{ targets: [target], labels: { process: 'monolith' } }] },
    ],
  };
}
