import { workerCheck } from '../../../src/cli/doctor/temporal-checks';

const now = Date.parse('2026-11-24T10:00:00Z');
const secondsAgo = (seconds: number) => now - seconds * 1000;

test('a worker that has just asked for work is there', () => {
  expect(workerCheck('Worker', 'q', [secondsAgo(60), secondsAgo(200)], now)).toEqual({
    name: 'Worker',
    state: 'ok',
    finding: '1 asks for work on task queue q',
  });
});

test('a worker that has not asked for minutes may have stopped', () => {
  expect(workerCheck('Worker', 'q', [secondsAgo(200), secondsAgo(90)], now)).toMatchObject({
    state: 'warning',
    finding: 'the last one asked for work on task queue q 90 s ago',
  });
});

test('no worker at all is a fault with its mend', () => {
  expect(workerCheck('Worker', 'q', [], now)).toMatchObject({
    state: 'fault',
    mend: expect.stringContaining('npm run worker') as string,
  });
});
