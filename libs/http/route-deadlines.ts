import type { HttpSettings } from './http.settings.js';

/** How long a request may be worked on, by its path. */
export class RouteDeadlines {
  private readonly rules: readonly { readonly path: string; readonly deadlineMs: number }[];
  private readonly defaultMs: number;

  constructor({
    ROUTE_DEADLINES: rules,
    REQUEST_DEADLINE_MS: defaultMs,
  }: Pick<HttpSettings, 'ROUTE_DEADLINES' | 'REQUEST_DEADLINE_MS'>) {
    this.defaultMs = defaultMs;
    this.rules = rules
      .map((rule) => {
        const at = rule.lastIndexOf('=');
        return { path: rule.slice(0, at), deadlineMs: Number(rule.slice(at + 1)) };
      })
      // The longest path comes first, so the most particular rule wins.
      .sort((one, other) => other.path.length - one.path.length);
  }

  /**
   * @param target in origin form, as a server of the kit has made it
   * @returns milliseconds
   */
  of(target: string): number {
    return this.rules.find(({ path }) => target.startsWith(path))?.deadlineMs ?? this.defaultMs;
  }
}
