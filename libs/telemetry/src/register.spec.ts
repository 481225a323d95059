import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const register = resolve(__dirname, '../dist/register.js');
const run = (script: string, env: NodeJS.ProcessEnv) =>
  promisify(execFile)(process.execPath, ['--import', register, '-e', script], { env, cwd: __dirname });

describe('register', () => {
  it('loads nothing without an endpoint', async () => {
    const { stdout } = await run('console.log(Object.keys(require.cache).length)', {});
    expect(Number(stdout)).toBeLessThanOrEqual(1);
  });

  it.each(['http/json', 'http/protobuf'])('exports spans as %s when the process ends', async (protocol) => {
    const bodies: { type: string | undefined; body: Buffer }[] = [];
    const sink = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        bodies.push({ type: request.headers['content-type'], body: Buffer.concat(chunks) });
        response.end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(sink, 'listening');
    await run("require('@opentelemetry/api').trace.getTracer('spec').startSpan('a span').end()", {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(sink.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_SERVICE_NAME: 'tea-house',
      SERVICE_INSTANCE: 'tea-house-7',
    });
    sink.close();
    expect(bodies).toHaveLength(1);
    expect(bodies[0].type).toBe(protocol === 'http/json' ? 'application/json' : 'application/x-protobuf');
    for (const said of ['a span', 'tea-house', 'tea-house-7'])
      expect(bodies[0].body.includes(said)).toBe(true);
  });
});
