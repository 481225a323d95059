const { transform, moduleNameMapper } = require('../../jest.config');

/** Real processes: one file at a time, each with a stack of its own. */
module.exports = {
  rootDir: '../..',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/apps/e2e/src/**/*.e2e.ts'],
  transform,
  moduleNameMapper,
  maxWorkers: 1,
  testTimeout: 300_000,
};
