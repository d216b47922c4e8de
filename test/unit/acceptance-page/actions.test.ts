import { ActionLimits } from '../../../src/acceptance-page/actions';

test('each run has its own number of visits and of renewals', () => {
  const limits = new ActionLimits();
  const countAllowed = (runId: string, press: 'visit' | 'renewal') =>
    Array.from({ length: 300 }, () => limits.allows(runId, press)).filter(Boolean).length;
  expect(limits.hasSeenVisit('one')).toBe(false);
  expect([countAllowed('one', 'renewal'), limits.hasSeenVisit('one')]).toEqual([100, false]);
  expect([countAllowed('one', 'visit'), limits.hasSeenVisit('one')]).toEqual([200, true]);
  expect(countAllowed('two', 'visit')).toBe(200);
});
