import { alignColumns, alignLabels, formatUtc, Progress } from '../../../src/cli/output';

test('every column is as wide as its widest cell, and no line ends in spaces', () => {
  expect(
    alignColumns([
      ['DEAL', 'STATUS', 'ENDED'],
      ['D-4711', 'expired', '-'],
      ['D-1', 'awaitingAcceptance', ''],
    ]),
  ).toBe('DEAL    STATUS              ENDED\nD-4711  expired             -\nD-1     awaitingAcceptance');
});

test('labels without a value are left out', () => {
  expect(
    alignLabels([
      ['Deal', 'D-1'],
      ['Reseller', undefined],
      ['Status', 'expired'],
    ]),
  ).toBe('Deal    D-1\nStatus  expired');
});

test('control characters in a text cannot steer the terminal or break the table', () => {
  expect(alignColumns([['D-1\u001b[2J\r\nD-2', 'x']])).toBe('D-1 [2J D-2  x');
});

test('times are printed in UTC, to the second', () => {
  expect(formatUtc('2026-11-24T14:05:09.123Z')).toBe('2026-11-24 14:05:09 UTC');
});

describe('progress', () => {
  let written = '';
  let now = 0;
  beforeEach(() => {
    written = '';
    now = 0;
  });

  function createProgress(total: number, isTTY: boolean): Progress {
    return new Progress({ isTTY, write: (text) => (written += text) }, total, () => now);
  }

  test('on a terminal is a bar that is redrawn in its line, and kept at the end', () => {
    const progress = createProgress(300, true);
    progress.show(1); // too soon
    now = 100;
    progress.show(150);
    now = 150;
    progress.show(151); // too soon again
    progress.end(300);

    const half = `${'#'.repeat(15)}${'.'.repeat(15)}`;
    expect(written).toBe(`\r[${half}] 150 of 300\r[${'#'.repeat(30)}] 300 of 300\n`);
  });

  test('elsewhere is a line every five seconds, and none for a command that ends sooner', () => {
    const progress = createProgress(300, false);
    for (now = 0; now <= 12_000; now += 50) progress.show(now / 50);
    progress.end(300);

    expect(written).toBe('100 of 300\n200 of 300\n');
  });
});
