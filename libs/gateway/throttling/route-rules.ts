import type { IncomingMessage } from 'node:http';
import { asClientPath } from '@fissile/kit/auth';

/** The setting for one route. */
export interface RouteRule {
  /** `METHOD /path`, as the setting has it. */
  readonly route: string;
  readonly value: string;
}

interface ReadRule extends RouteRule {
  readonly method: string;
  readonly path: RegExp;
  readonly parameter: string | undefined;
}

/**
 * Rules for routes, matched by the requested method and path: the gateway does not know the routes of remote
 * contexts. Parsed again when the setting has changed.
 */
export class RouteRules {
  private written: readonly string[] = [];
  private rules: readonly ReadRule[] = [];

  constructor(private readonly setting: () => readonly string[]) {}

  /** A request for the head of an answer counts as one for all of it. */
  find({ method: asked, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): RouteRule | undefined {
    const method = asked === 'HEAD' ? 'GET' : asked;
    const written = this.setting();
    if (this.written !== written) {
      this.written = written;
      this.rules = written.map(readRule);
    }
    if (!this.rules.some((rule) => rule.method === method)) return undefined;
    const [path = '', query = ''] = url.split('?', 2);
    // Routers decode %6C to l, so a client could write one route in many ways.
    // The routes of a page are no way around a rule either.
    const decoded = asClientPath(decode(path));
    const parameters = new URLSearchParams(query);
    return this.rules.find(
      (rule) =>
        rule.method === method &&
        rule.path.test(decoded) &&
        (rule.parameter === undefined || parameters.has(rule.parameter)),
    );
  }
}

function readRule(rule: string): ReadRule {
  const at = rule.lastIndexOf('=');
  const route = rule.slice(0, at);
  const [method = '', target = ''] = route.split(' ');
  const [path = '', parameter] = target.split('?');
  const pattern = path
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('/');
  return { route, value: rule.slice(at + 1), method, path: new RegExp(`^${pattern}$`), parameter };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
