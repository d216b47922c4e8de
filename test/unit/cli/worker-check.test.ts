import { workerCheck } from '../../../src/cli/doctor/worker-checks';

const now = Date.parse('2026-11-24T10:00:00Z');
const plain = 'workers without a build';

function check(pollers: [secondsAgo: number, build: string][], given = [plain]) {
  const polling = { taskQueue: 'q', pollers: pollers.map(([ago, build]) => ({ at: now - ago * 1000, build })), given };
  return workerCheck('Worker', polling, now);
}

test('a worker that has just asked for work is there', () => {
  const finding = '1 asks for work on task queue q';
  expect(
    check([
      [60, plain],
      [200, plain],
    ]),
  ).toEqual({ name: 'Worker', state: 'ok', finding });
});

test('a worker that has not asked for minutes may have stopped', () => {
  expect(
    check([
      [200, plain],
      [90, plain],
    ]),
  ).toMatchObject({
    state: 'warning',
    finding: 'the last one asked for work on task queue q 90 s ago',
  });
});

test('no worker at all is a fault with its mend', () => {
  expect(check([])).toMatchObject({ state: 'fault', mend: expect.stringContaining('npm run worker') as string });
});

test('only those of a build that is given work count', () => {
  const both = [
    [1, 'workers of build 1 of d'],
    [1, 'workers of build 2 of d'],
    [1, 'workers of build 2 of d'],
  ] as [number, string][];
  expect(check(both, ['workers of build 2 of d']).finding).toBe('2 ask for work on task queue q');
});

test('workers that ask in vain are a fault', () => {
  expect(
    check([
      [1, 'workers of build 1 of d'],
      [80, plain],
    ]),
  ).toMatchObject({
    state: 'fault',
    finding: 'work on task queue q goes to workers without a build, and only workers of build 1 of d ask for it',
    mend: expect.stringContaining('set-current-version') as string,
  });
});
