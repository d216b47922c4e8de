import { BoundedMap } from '../../../src/acceptance-page/bounded-map';
import { PressLimits } from '../../../src/acceptance-page/press-limits';

test('a bounded map forgets its oldest entry, and only when a new one needs the room', () => {
  const map = new BoundedMap<string, number>(2).set('a', 1).set('b', 2).set('a', 3);
  expect([...map]).toEqual([
    ['a', 3],
    ['b', 2],
  ]);
  expect([...map.set('c', 4)]).toEqual([
    ['b', 2],
    ['c', 4],
  ]);
});

test('each run has its own number of visits and of renewals', () => {
  const limits = new PressLimits();
  const allowed = (runId: string, press: 'visit' | 'renewal') =>
    Array.from({ length: 300 }, () => limits.allows(runId, press)).filter(Boolean).length;
  expect(limits.hasSeenVisit('one')).toBe(false);
  expect([allowed('one', 'renewal'), limits.hasSeenVisit('one')]).toEqual([100, false]);
  expect([allowed('one', 'visit'), limits.hasSeenVisit('one')]).toEqual([200, true]);
  expect(allowed('two', 'visit')).toBe(200);
});
