import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { type OtlpSpan, readJsonSpans, readProtobufSpans } from './otlp-spans.js';

/** A fake OpenTelemetry collector: receives traces over HTTP, as JSON or protobuf, and stores them for inspection. */
export class OtlpCollector {
  readonly spans: OtlpSpan[] = [];
  /** The headers of the last request. */
  headers: IncomingMessage['headers'] = {};
  requests = 0;
  private readonly server: Server = createServer((request, response) => {
    void this.receive(request).then((status) => response.writeHead(status).end());
  });

  /** @param port the port to listen on; by default a free one */
  static async open(port = 0): Promise<OtlpCollector> {
    const collector = new OtlpCollector();
    await new Promise<void>((listening) => collector.server.listen(port, '127.0.0.1', listening));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  trace(traceId: string): OtlpSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((closed) => this.server.close(() => closed()));
  }

  private async receive(request: IncomingMessage): Promise<number> {
    const chunks = (await request.toArray()) as Buffer[];
    if (request.method !== 'POST' || request.url !== '/v1/traces') return 404;
    const sent = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    const isJson = request.headers['content-type'] === 'application/json';
    this.headers = request.headers;
    this.requests += 1;
    this.spans.push(...(isJson ? readJsonSpans(body.toString()) : readProtobufSpans(body)));
    return 200;
  }
}
