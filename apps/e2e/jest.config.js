const { transform, moduleNameMapper } = require('../../jest.config');

/** Real processes: each file has a stack of its own. Most of them wait most of the time, so that two share two cores. */
module.exports = {
  rootDir: '../..',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/apps/e2e/src/**/*.e2e.ts'],
  transform,
  moduleNameMapper,
  maxWorkers: 2,
  testTimeout: 300_000,
};
