import { alignColumns, labelled } from '../../../src/cli/columns';

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
    labelled([
      ['Deal', 'D-1'],
      ['Reseller', undefined],
      ['Status', 'expired'],
    ]),
  ).toBe('Deal    D-1\nStatus  expired');
});

test('a text of others cannot steer the terminal or break the table', () => {
  expect(alignColumns([['D-1\u001b[2J\r\nD-2', 'x']])).toBe('D-1 [2J D-2  x');
});
