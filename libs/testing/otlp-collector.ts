import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { type OtlpLog, readJsonLogs, readProtobufLogs } from './otlp-logs.js';
import { type OtlpMetric, readJsonMetrics, readProtobufMetrics } from './otlp-metrics.js';
import { type OtlpSpan, readJsonSpans, readProtobufSpans } from './otlp-spans.js';
import type { TestCertificates } from './test-certificates.js';

/** A fake OpenTelemetry collector: receives traces, logs and metrics over HTTP, as JSON or protobuf, and stores them for inspection. */
export class OtlpCollector {
  readonly spans: OtlpSpan[] = [];
  readonly logs: OtlpLog[] = [];
  /** Of all exports, the oldest first. */
  readonly metrics: OtlpMetric[] = [];
  /** The headers of the last request. */
  headers: IncomingMessage['headers'] = {};
  requests = 0;
  /** By the paths that exporters send to. */
  private readonly stores: Readonly<Record<string, (body: Buffer, isJson: boolean) => void>> = {
    '/v1/traces': (body, isJson) =>
      this.spans.push(...(isJson ? readJsonSpans(body.toString()) : readProtobufSpans(body))),
    '/v1/logs': (body, isJson) =>
      this.logs.push(...(isJson ? readJsonLogs(body.toString()) : readProtobufLogs(body))),
    '/v1/metrics': (body, isJson) =>
      this.metrics.push(...(isJson ? readJsonMetrics(body.toString()) : readProtobufMetrics(body))),
  };
  private readonly server: Server;

  private constructor(private readonly tls: TestCertificates | undefined) {
    const receive: RequestListener = (request, response) => {
      void this.receive(request).then((status) => response.writeHead(status).end());
    };
    this.server = tls ? createSecureServer(filesOf(tls), receive) : createServer(receive);
  }

  /**
   * @param port the port to listen on; by default a free one
   * @param tls it takes connections by TLS alone, of clients with a certificate
   */
  static async open(port = 0, tls?: TestCertificates): Promise<OtlpCollector> {
    const collector = new OtlpCollector(tls);
    await new Promise<void>((listening) => collector.server.listen(port, '127.0.0.1', listening));
    return collector;
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return this.tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
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
    const store = request.method === 'POST' ? this.stores[request.url ?? ''] : undefined;
    if (!store) return 404;
    const sent = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    this.headers = request.headers;
    this.requests += 1;
    store(body, request.headers['content-type'] === 'application/json');
    return 200;
  }
}

function filesOf({ ca, cert, key }: TestCertificates) {
  const files = { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) };
  return { ...files, requestCert: true, rejectUnauthorized: true };
}
