/** What every project has in common. A project is a folder of tests and the servers that its tests need. */
const common = {
  testEnvironment: 'node',
  rootDir: __dirname,
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, sourceMaps: 'inline' }],
  },
};

const project = (name, setUp = {}) => ({
  ...common,
  displayName: name,
  roots: [`<rootDir>/test/${name}`],
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  ...setUp,
});

/** The workflow code, bundled once for all workers. */
const bundle = {
  globalSetup: '<rootDir>/test/support/set-up-bundle.ts',
  globalTeardown: '<rootDir>/test/support/remove-bundle.ts',
};

/** Both Temporal servers as well, which are built or assembled on the first run. */
const servers = { ...bundle, globalSetup: '<rootDir>/test/support/set-up-servers.ts' };

/** @type {import('jest').Config} */
module.exports = {
  maxWorkers: 2,
  testTimeout: 120_000, // for busy machines; set for the whole run, because jest ignores a project’s own
  projects: [
    project('unit'),
    project('replay', bundle),
    project('workflow', servers),
    project('integration', servers),
    project('browser', servers),
    project('long', servers),
  ],
};
