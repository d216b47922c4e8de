import { parseDayOrInstant, parseInstant } from '../../../src/cli/arguments';

test.each([
  ['2026-11-24T14:05Z', '2026-11-24T14:05:00.000Z'],
  ['2026-11-24T14:05:09.5+02:00', '2026-11-24T12:05:09.500Z'],
])('the time %s is read as %s', (argument, moment) => {
  expect(parseInstant(argument).toISOString()).toBe(moment);
});

test.each(['2026-11-24', '2026-11-24T14:05', '2026-13-24T14:05Z', 'yesterday', ''])('%p is not a time', (argument) => {
  expect(() => parseInstant(argument)).toThrow('2026-11-24T14:05:00Z');
});

test('a day means its start in UTC, where days are accepted', () => {
  expect(parseDayOrInstant('2026-11-24').toISOString()).toBe('2026-11-24T00:00:00.000Z');
  expect(() => parseDayOrInstant('2026-02-30T00:00')).toThrow('It must be a day in UTC');
  expect(() => parseDayOrInstant('2026-13-01')).toThrow('It must be a day in UTC');
});
