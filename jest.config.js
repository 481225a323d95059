/** One configuration for every fast suite; `*.e2e.ts` (real processes) has its own in apps/e2e. */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{libs,apps,tools}/**/*.spec.ts'],
  globalSetup: '<rootDir>/tools/jest/global-setup.cjs',
  globalTeardown: '<rootDir>/tools/jest/global-teardown.cjs',
  // a machine may be busy: what a test waits for decides, not the time that it takes
  testTimeout: 600_000,
  modulePathIgnorePatterns: ['/dist/'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2023',
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  moduleNameMapper: {
    '^@chat-relays/tools$': '<rootDir>/tools/src',
    '^@chat-relays/([a-z]+)$': '<rootDir>/libs/$1/src',
  },
};
