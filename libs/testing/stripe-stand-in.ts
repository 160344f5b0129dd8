import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Body = Readonly<Record<string, unknown>>;
interface Reply {
  readonly status: number;
  readonly body: Body;
}

/**
 * Answers as Stripe's API does, as far as the adapter uses it: payment intents and refunds, with idempotency keys that
 * are remembered. For tests.
 */
export class StripeStandIn {
  /** Money that was really moved, by payment intent. */
  readonly charged = new Map<string, number>();
  readonly refunded = new Map<string, number>();
  /** What happens to the next requests: `lose` does the work and drops the connection, `fail` answers 500 and does none. */
  readonly faults: ('lose' | 'fail')[] = [];
  private readonly remembered = new Map<string, Reply>();
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));

  async start(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await readAll(request));
    const fault = this.faults.shift();
    if (fault === 'fail')
      return send(response, { status: 500, body: { error: { type: 'api_error', message: 'x' } } });
    const reply = this.once(String(request.headers['idempotency-key']), request.url ?? '', form);
    if (fault === 'lose') response.destroy();
    else send(response, reply);
  }

  private once(key: string, path: string, form: URLSearchParams): Reply {
    const reply = this.remembered.get(key) ?? this.handle(path, form);
    this.remembered.set(key, reply);
    return reply;
  }

  private handle(path: string, form: URLSearchParams): Reply {
    if (path === '/v1/payment_intents') return this.charge(form);
    if (path === '/v1/refunds') return this.refund(form);
    return { status: 404, body: { error: { type: 'invalid_request_error', message: path } } };
  }

  private charge(form: URLSearchParams): Reply {
    const method = form.get('payment_method');
    if (method === 'pm_card_chargeDeclined') {
      const error = {
        type: 'card_error',
        code: 'card_declined',
        decline_code: 'generic_decline',
        message: 'declined',
      };
      return { status: 402, body: { error } };
    }
    if (method !== 'pm_card_visa') {
      const error = {
        type: 'invalid_request_error',
        code: 'resource_missing',
        param: 'payment_method',
        message: 'x',
      };
      return { status: 400, body: { error } };
    }
    const id = `pi_${randomUUID()}`;
    this.charged.set(id, Number(form.get('amount')));
    return {
      status: 200,
      body: { id, object: 'payment_intent', status: 'succeeded', amount: form.get('amount') },
    };
  }

  private refund(form: URLSearchParams): Reply {
    const intent = form.get('payment_intent') ?? '';
    this.refunded.set(intent, (this.refunded.get(intent) ?? 0) + Number(form.get('amount')));
    return { status: 200, body: { id: `re_${randomUUID()}`, object: 'refund', status: 'succeeded' } };
  }
}

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}
