import { execFileSync, spawn } from 'node:child_process';
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort, until } from '@fissile/kit/testing';
import { childrenOf } from '../children.js';
import type { ProxyContestant } from './competitors.js';

const TEMP_DIRS = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** nginx with one worker, as the others have one thread. @returns the reason when it is unavailable */
export async function startNginx(upstream: string): Promise<ProxyContestant | string> {
  const dir = mkdtempSync(join(tmpdir(), 'fissile-nginx-'));
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  const binary = installed() ?? download(dir);
  if (binary === undefined) {
    remove();
    return 'nginx is not installed, and apt does not give it';
  }
  const port = await freePort();
  for (const name of TEMP_DIRS) mkdirSync(join(dir, name));
  const config = join(dir, 'nginx.conf');
  writeFileSync(config, configOf(dir, port, upstream));
  const child = spawn(binary, ['-p', dir, '-e', join(dir, 'error.log'), '-c', config], { stdio: 'ignore' });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const url = `http://127.0.0.1:${port}`;
  await until('nginx answers', () => child.exitCode !== null || isAnswering(`${url}/api/inventory/1`));
  if (child.exitCode !== null) {
    const why = readFileSync(join(dir, 'error.log'), 'utf8').trim().slice(-300);
    remove();
    return `nginx does not start: ${why}`;
  }
  return {
    name: 'nginx, one worker',
    url,
    pids: () => (child.pid === undefined ? [] : [child.pid, ...childrenOf(child.pid)]),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      remove();
    },
  };
}

function installed(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, 'nginx')).find(isExecutable);
}

/** Unpacks Debian's package without installing it: installation would start a service. */
function download(dir: string): string | undefined {
  try {
    execFileSync('apt-get', ['download', 'nginx'], { cwd: dir, stdio: 'ignore' });
    const archive = readdirSync(dir).find((name) => name.endsWith('.deb')) ?? '';
    execFileSync('dpkg-deb', ['-x', archive, '.'], { cwd: dir, stdio: 'ignore' });
    const binary = join(dir, 'usr/sbin/nginx');
    execFileSync(binary, ['-v'], { stdio: 'ignore' });
    return binary;
  } catch {
    return undefined;
  }
}

function configOf(dir: string, port: number, upstream: string): string {
  const temporary = TEMP_DIRS.map((name) => `${name}_temp_path ${join(dir, name)};`).join('\n  ');
  return `
daemon off;
worker_processes 1;
pid ${join(dir, 'nginx.pid')};
${userInfo().uid === 0 ? `user ${userInfo().username};` : ''}
events { worker_connections 1024; }
http {
  ${temporary}
  access_log off;
  keepalive_requests 100000000;
  upstream behind { server ${new URL(upstream).host}; keepalive 128; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://behind;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
`;
}

async function isAnswering(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
