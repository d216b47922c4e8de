import { checkPolling } from '../../../../src/cli/doctor/worker-checks';

const now = Date.parse('2026-11-24T10:00:00Z');
const plain = 'workers without a build';

function check(pollers: [secondsAgo: number, build: string][], servedBuilds = [plain]) {
  const polling = {
    taskQueue: 'q',
    pollers: pollers.map(([ago, build]) => ({ at: now - ago * 1000, build })),
    servedBuilds,
  };
  return checkPolling('Worker', polling, now);
}

test('a worker that polled within the last 75 s is running', () => {
  const finding = '1 worker polls task queue q, last poll 60 s ago';
  expect(
    check([
      [60, plain],
      [200, plain],
    ]),
  ).toEqual({ name: 'Worker', state: 'ok', finding });
});

test('a worker that has not polled for longer may have stopped', () => {
  expect(
    check([
      [200, plain],
      [90, plain],
    ]),
  ).toMatchObject({
    state: 'warning',
    finding: 'no worker polls task queue q; the last poll was 90 s ago',
  });
});

test('no worker at all is a fault, with its remediation', () => {
  expect(check([])).toMatchObject({ state: 'fault', remediation: expect.stringContaining('npm run worker') as string });
});

test('only workers of a build that gets tasks count', () => {
  const both = [
    [1, 'workers of build 1 of d'],
    [1, 'workers of build 2 of d'],
    [1, 'workers of build 2 of d'],
  ] as [number, string][];
  expect(check(both, ['workers of build 2 of d']).finding).toBe('2 workers poll task queue q, last poll 1 s ago');
});

test('workers that poll but get no tasks are a fault', () => {
  expect(
    check([
      [1, 'workers of build 1 of d'],
      [80, plain],
    ]),
  ).toMatchObject({
    state: 'fault',
    finding: 'tasks of task queue q go to workers without a build, but only workers of build 1 of d poll it',
    remediation: expect.stringContaining('set-current-version') as string,
  });
});
