import type { CheckStatus, RegisteredCheck } from './registration.js';

export interface CheckResult {
  readonly status: CheckStatus;
  readonly output: string;
}

/** Performs Consul's HTTP check: 2xx is passing, 429 is warning, anything else is critical. */
export async function runHttpCheck({ HTTP, Method, Header, Timeout }: RegisteredCheck): Promise<CheckResult> {
  const headers = Object.entries(Header).flatMap(([name, values]) =>
    values.map((value): [string, string] => [name, value]),
  );
  try {
    const answer = await fetch(HTTP, {
      method: Method,
      headers: [...headers, ['user-agent', 'Consul Health Check'], ['connection', 'close']],
      redirect: 'manual',
      signal: AbortSignal.timeout(Timeout),
    });
    const text = (await answer.text()).slice(0, 4096);
    const output = `HTTP ${Method} ${HTTP}: ${answer.status} ${answer.statusText} Output: ${text}`;
    return { status: statusOf(answer.status), output };
  } catch (error) {
    return { status: 'critical', output: `${Method} "${HTTP}": ${(error as Error).message}` };
  }
}

function statusOf(code: number): CheckStatus {
  if (code >= 200 && code < 300) return 'passing';
  return code === 429 ? 'warning' : 'critical';
}
