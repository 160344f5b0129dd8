import { SESSION_ROUTES } from '@fissile/api-client';

/** In the place of a refresh token that the browser keeps in a cookie, out of reach of this page. */
export const IN_COOKIE = 'in a cookie';

const SIGN_IN_LINK = '/api/auth/sign-in-link';

/** What a client asks for, and the part of the page's own routes that does it by the cookie. */
const BEGINS = new Map([
  ['/api/auth/login', 'login'],
  [SIGN_IN_LINK, 'sign-in-link'],
]);
const GOES_ON = new Map<string, string>([
  [SESSION_ROUTES.renew, 'refresh'],
  [SESSION_ROUTES.end, 'revoke'],
]);

/** Sends the requests of a client so that its session is that of the page, in all tabs of the browser. */
export class PageSession {
  /** @param onRefused is told why there is no other access token */
  constructor(
    private readonly page: string,
    private readonly onRefused: (reason: string) => void,
  ) {}

  async send(request: Request): Promise<Response> {
    if (request.method !== 'POST') return fetch(request);
    const { pathname } = new URL(request.url);
    const begins = BEGINS.get(pathname);
    if (begins !== undefined) return this.begin(begins, request);
    const goesOn = GOES_ON.get(pathname);
    if (goesOn === undefined) return fetch(request);
    const { refreshToken } = (await request.clone().json()) as { refreshToken?: string };
    if (refreshToken !== IN_COOKIE) return fetch(request);
    return goesOn === 'refresh' ? this.refresh() : this.post(goesOn);
  }

  private async begin(action: string, request: Request): Promise<Response> {
    const response = await this.post(action, await request.clone().text());
    // A product whose users are not the kit's has the common route alone.
    return response.status === 404 ? fetch(request) : withToken(response);
  }

  /** One tab after the other: each time the browser has another token afterwards, and a former one is good once. */
  private async refresh(): Promise<Response> {
    const post = (): Promise<Response> => this.post('refresh');
    // A page that comes over plain HTTP has no locks; the product forgives what comes at once.
    const locks = navigator.locks as LockManager | undefined;
    const response = await (locks ? locks.request(`fissile.${this.page}`, post) : post());
    if (response.status === 401) this.onRefused(await reasonOf(response.clone()));
    return withToken(response);
  }

  private post(action: string, body?: string): Promise<Response> {
    return fetch(`/api/auth/pages/${this.page}/${action}`, {
      method: 'POST',
      // The tab may be closed meanwhile, and the browser must not miss the next token.
      keepalive: true,
      headers: {
        'x-requested-with': 'fetch',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
    });
  }
}

async function withToken(response: Response): Promise<Response> {
  if (response.status !== 200) return response;
  return Response.json({ ...((await response.json()) as object), refreshToken: IN_COOKIE });
}

async function reasonOf(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => ({}))) as { details?: { reason?: string } };
  return problem.details?.reason ?? 'unknown';
}
