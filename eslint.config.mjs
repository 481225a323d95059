import js from '@eslint/js';
import { createProjectGraphAsync, readCachedProjectGraph } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import house from './tools/lint/house-rules.mjs';

/** Who may import whom. A package's layer is the nx tag `layer:…` in its package.json. */
const layers = {
  wire: [],
  protocol: ['wire'],
  agent: ['protocol', 'wire'],
  adapter: ['agent', 'protocol', 'wire'],
  host: ['adapter', 'agent'],
  app: ['host', 'adapter', 'agent', 'protocol', 'wire', 'tool'],
};

const nest = ['@nestjs/*', 'reflect-metadata', 'rxjs'];

/** What a folder may import that is not ours. A folder that is not named here may import nothing. */
const externals = {
  'libs/wire': [],
  'libs/smp': [],
  'libs/protocol': [],
  'libs/agent': ['@opentelemetry/api'],
  'libs/storage': ['typeorm', 'pg', 'node:*'],
  'libs/bus': [
    '@nats-io/*',
    '@nestjs/microservices',
    '@nestjs/common',
    'rxjs',
    'zod',
    '@opentelemetry/api',
    'node:*',
  ],
  'libs/telemetry': ['@opentelemetry/*', 'node:*'],
  'libs/service': [...nest, 'nestjs-pino', 'pino', 'pino-http', 'prom-client', 'zod', 'node:*'],
  'apps/*': [...nest, 'nestjs-pino', 'prom-client', 'zod', 'node:*'],
  'apps/load-test': ['hdr-histogram-js', 'zod', 'node:*'],
  'apps/bench': ['@nats-io/*', '@noble/*', 'libsodium-wrappers', 'sodium-native', 'tweetnacl', 'node:*'],
};

/** Folders that a person runs to try, test or start the rest: free in what they import. */
const free = ['libs/simulation/**', 'apps/e2e/**', 'tools/**'];

/** The one file of libs/smp that knows crypto libraries. */
const crypto = 'libs/smp/src/crypto.ts';

/** A command line inside a pure package: it prints the documents that the tables generate. */
const commandLines = ['libs/protocol/src/main.ts'];

const specs = ['**/*.spec.ts', '**/*.e2e.ts', '{libs,apps}/*/test/*.ts'];

/** `--import` runs it before any config.ts; the launchers hand the environment on to processes that they start. */
const environmentReaders = [
  '**/config.ts',
  'libs/telemetry/src/register.ts',
  'tools/**',
  'apps/e2e/**',
  ...specs,
];

const services = ['smp-server', 'owner-agent', 'relay-agent', 'member-agent'].map(
  (name) => `apps/${name}/**`,
);

const untimed = ['Date', 'Promise', 'performance', 'crypto', 'process', 'console', 'fetch', 'globalThis'];
const timers = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'];

const boundaries = (more = []) => ({
  enforceBuildableLibDependency: false,
  // specs beside their subjects use the testkit, which is made of their subjects
  ignoredCircularDependencies: more.includes('testkit')
    ? ['wire', 'protocol', 'agent', 'adapter'].map((layer) => ['tag:layer:testkit', `tag:layer:${layer}`])
    : [],
  depConstraints: [
    ...Object.entries(layers).map(([layer, allowed]) => ({
      sourceTag: `layer:${layer}`,
      onlyDependOnLibsWithTags: [...allowed, ...more].map((name) => `layer:${name}`),
    })),
    ...['testkit', 'tool'].map((layer) => ({ sourceTag: `layer:${layer}`, onlyDependOnLibsWithTags: ['*'] })),
  ],
});

// The nx rule skips itself, silently, where no project graph was ever made.
try {
  readCachedProjectGraph();
} catch {
  await createProjectGraphAsync();
}

export default defineConfig(
  { ignores: ['**/dist', '.nx', '.cache', '.data', 'coverage'] },
  js.configs.recommended,
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'console', 'URL', 'Buffer', 'fetch', 'module', 'require', '__dirname', ...timers].map(
          (name) => [name, 'readonly'],
        ),
      ),
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.spec.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  { plugins: { '@nx': nx, house } },
  {
    files: ['**/*.{ts,mjs,cjs,js}'],
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'no-control-regex': 'off',
    },
  },
  {
    files: ['libs/**/*.ts', 'apps/**/*.ts', 'tools/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': ['error', boundaries()],
      'house/externals': ['error', []],
      'house/no-env': 'error',
      'house/no-span': 'error',
      'house/no-status-comparison': 'error',
      'house/no-global-emitter': 'error',
    },
  },
  Object.entries(externals).map(([folder, allowed]) => ({
    files: [`${folder}/**/*.ts`],
    rules: { 'house/externals': ['error', allowed] },
  })),
  {
    files: ['libs/{storage,bus,telemetry}/**/*.ts'],
    ignores: specs,
    rules: { 'house/type-only': ['error', ['@chat-relays/protocol']] },
  },
  {
    files: services,
    ignores: specs,
    rules: {
      'no-restricted-imports': ['error', { paths: ['@chat-relays/tools', '@chat-relays/simulation'] }],
    },
  },
  {
    files: ['libs/protocol/**/*.ts'],
    ignores: [...specs, ...commandLines],
    rules: {
      'house/no-async': 'error',
      'no-restricted-globals': ['error', ...untimed, ...timers],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
    },
  },
  { files: ['libs/protocol/**/*.ts'], rules: { 'house/no-status-comparison': 'off' } },
  // the status of a queue is SMP's, and no saga's
  { files: ['libs/smp/src/server/*.ts'], rules: { 'house/no-status-comparison': 'off' } },
  { files: [crypto], rules: { 'house/externals': ['error', ['node:crypto', 'sodium-native']] } },
  { files: commandLines, rules: { 'house/externals': ['error', ['node:*']] } },
  { files: environmentReaders, rules: { 'house/no-env': 'off' } },
  {
    files: ['libs/agent/src/trace.ts', 'libs/telemetry/src/spans.ts'],
    rules: { 'house/no-span': 'off' },
  },
  // they watch statuses, they do not decide by them
  { files: free, rules: { 'house/externals': 'off', 'house/no-status-comparison': 'off' } },
  {
    files: specs,
    rules: {
      '@nx/enforce-module-boundaries': ['error', boundaries(['testkit', 'tool'])],
      'house/externals': 'off',
      'house/no-status-comparison': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
