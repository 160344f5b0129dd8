import { z } from 'zod';
import { CommandError } from '../command-error.js';

const REQUEST_TIMEOUT_MS = 10_000;

/** What a command knows an admin by: an access token, or what it signs in with. */
export type AdminAccess =
  | { readonly token: string }
  | { readonly email: string; readonly password: string; readonly code?: string | undefined };

const SignedIn = z.object({ accessToken: z.string() });
const Problem = z.object({
  title: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

/** The product does not answer now; asked again, it may. */
export class NotAnswering extends CommandError {}

/**
 * Of the environment: ACCESS_TOKEN, or ADMIN_EMAIL and ADMIN_PASSWORD, with ADMIN_CODE of an authenticator app.
 * @throws CommandError that says what is missing
 */
export function adminAccess(environment: NodeJS.ProcessEnv): AdminAccess {
  const { ACCESS_TOKEN, ADMIN_EMAIL, ADMIN_PASSWORD, ADMIN_CODE } = environment;
  if (ACCESS_TOKEN) return { token: ACCESS_TOKEN };
  if (ADMIN_EMAIL && ADMIN_PASSWORD) {
    return { email: ADMIN_EMAIL, password: ADMIN_PASSWORD, code: ADMIN_CODE };
  }
  throw new CommandError(
    'Set ACCESS_TOKEN to the access token of an admin, or ADMIN_EMAIL and ADMIN_PASSWORD: --url asks as an admin',
  );
}

/** The API for operators of a product that may run anywhere. */
export class OperatorsApi {
  private token: string | undefined;

  constructor(
    private readonly url: URL,
    private readonly access: AdminAccess,
  ) {}

  /**
   * @param body what is posted; without one it is a GET
   * @throws NotAnswering when the product does not answer, or says that it cannot now
   * @throws CommandError with what the product says against it
   */
  async ask(path: string, body?: object): Promise<unknown> {
    const response = await this.send(path, body, (this.token ??= await this.signIn()));
    // A change may take longer than an access token is good for.
    if (response.status !== 401 || 'token' in this.access) return read(response);
    this.token = await this.signIn();
    return read(await this.send(path, body, this.token));
  }

  private async signIn(): Promise<string> {
    if ('token' in this.access) return this.access.token;
    return SignedIn.parse(await read(await this.send('/api/auth/login', this.access))).accessToken;
  }

  private async send(path: string, body?: object, token?: string): Promise<Response> {
    const headers = {
      ...(body && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    try {
      return await fetch(new URL(path, this.url), {
        method: body ? 'POST' : 'GET',
        headers,
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        // A token goes to nobody else.
        redirect: 'error',
        ...(body && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      const { cause, message } = error as Error;
      throw new NotAnswering(
        `${this.url.origin} does not answer: ${cause instanceof Error ? cause.message : message}`,
      );
    }
  }
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => '');
  const content = jsonOf(text);
  if (response.ok) return content;
  const problem = Problem.safeParse(content).data;
  const said = problem ? wordsOf(problem) : 'expected the API of a product there';
  const message = `${new URL(response.url).origin} answered ${response.status}: ${said}`;
  throw response.status >= 500 || response.status === 429
    ? new NotAnswering(message)
    : new CommandError(message);
}

function wordsOf({ title, detail, errors = [] }: z.output<typeof Problem>): string {
  const fields = errors.map(({ path, message }) => `${path}: ${message}`);
  return [detail ?? title, ...fields].join('\n');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
