import type { Tokens, TokenStore } from '@fissile/api-client';
import { IN_COOKIE } from './page-session.ts';

/**
 * The tokens of a page. Where the browser keeps the refresh token, the access token is in memory, and that there is a session is noted
 * for all tabs. Others, such as those of an external provider, live as long as the tab: a reload keeps them, and no other tab finds them.
 */
export class PageTokens implements TokenStore {
  /** Why the last session has ended, unless it was by this tab. */
  endReason: string | undefined;
  private accessToken = '';

  /**
   * @param key where the browser keeps what there is to keep
   * @param changed is told also of what another tab does
   */
  constructor(
    private readonly key: string,
    private readonly changed: () => void,
  ) {
    addEventListener('storage', ({ storageArea, key: of }) => {
      if (storageArea !== localStorage || of !== this.key) return;
      this.accessToken = '';
      this.endReason = this.read() ? undefined : (localStorage.getItem(this.endKey) ?? undefined);
      this.changed();
    });
  }

  /** The access token is empty until it is asked for. */
  read(): Tokens | undefined {
    const ofTab = sessionStorage.getItem(this.key);
    if (ofTab !== null) return JSON.parse(ofTab) as Tokens;
    if (localStorage.getItem(this.key) === null) return undefined;
    return { accessToken: this.accessToken, refreshToken: IN_COOKIE };
  }

  write(tokens: Tokens | undefined): void {
    if (tokens?.refreshToken === IN_COOKIE) this.keepForAll(tokens.accessToken);
    else if (tokens) this.keepForTab(tokens);
    else this.forget();
    this.changed();
  }

  private get endKey(): string {
    return `${this.key}.end`;
  }

  private keepForAll(accessToken: string): void {
    this.accessToken = accessToken;
    this.endReason = undefined;
    sessionStorage.removeItem(this.key);
    if (localStorage.getItem(this.key) === null) {
      localStorage.setItem(this.key, `signed in at ${new Date().toISOString()}`);
    }
  }

  private keepForTab({ accessToken, refreshToken }: Tokens): void {
    this.endReason = undefined;
    sessionStorage.setItem(this.key, JSON.stringify({ accessToken, refreshToken }));
  }

  private forget(): void {
    this.accessToken = '';
    sessionStorage.removeItem(this.key);
    // First what the other tabs are to say.
    localStorage.setItem(this.endKey, this.endReason ?? 'signed_out');
    localStorage.removeItem(this.key);
  }
}
