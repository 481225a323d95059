import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { spansOf, type OtlpTraces, type Span } from './otlp-spans';

/** Collects the spans that services export as OTLP/HTTP JSON. */
export class OtlpSink {
  private readonly received: Span[] = [];
  private readonly seen = new Set<string>();
  private readonly waiting = new Set<() => void>();

  private constructor(private readonly server: Server) {}

  /** Listens on a free port of the loopback interface. */
  static start(): Promise<OtlpSink> {
    return new Promise((resolve, reject) => {
      const server = createServer((request, response) => {
        void sink.take(request).then((status) => response.writeHead(status, json).end('{}'));
      });
      const sink = new OtlpSink(server);
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => resolve(sink));
    });
  }

  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Everything received so far, in the order of arrival. */
  get spans(): readonly Span[] {
    return this.received;
  }

  /** The spans of one trace. */
  trace(traceId: string): Span[] {
    return this.received.filter((span) => span.traceId === traceId);
  }

  /** Comes back with the spans as soon as the predicate holds of them; fails after the time given. */
  waitFor(predicate: (spans: readonly Span[]) => boolean, milliseconds = 180_000): Promise<readonly Span[]> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!predicate(this.received)) return;
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve(this.received);
      };
      const timer = setTimeout(() => {
        this.waiting.delete(look);
        const names = [...new Set(this.received.map((span) => `${span.service}: ${span.name}`))];
        reject(
          new Error(
            `the spans waited for did not come in ${milliseconds} ms; there are:\n${names.join('\n')}`,
          ),
        );
      }, milliseconds);
      this.waiting.add(look);
      look();
    });
  }

  /** Forgets what was received. */
  clear(): void {
    this.received.length = 0;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  /** An exporter that missed our answer sends again. */
  private add(spans: Span[]): void {
    for (const span of spans) {
      const id = `${span.traceId}${span.spanId}`;
      if (!this.seen.has(id)) this.received.push(span);
      this.seen.add(id);
    }
  }

  private async take(request: IncomingMessage): Promise<number> {
    try {
      const body = await bodyOf(request);
      if (request.method !== 'POST') return 405;
      // Metrics and logs may come to the same endpoint; they are taken and dropped.
      if (request.url === '/v1/traces') this.add(spansOf(JSON.parse(body) as OtlpTraces));
    } catch {
      return 400;
    }
    for (const look of [...this.waiting]) look();
    return 200;
  }
}

const json = { 'content-type': 'application/json' };

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const plain = request.headers['content-encoding'] === 'gzip' ? await promisify(gunzip)(bytes) : bytes;
  return plain.toString('utf8');
}
