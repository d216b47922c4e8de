import * as fc from 'fast-check';
import { parseRetryAfter } from '../../../src/partner-center/http';

const now = Date.UTC(2026, 10, 24, 12, 0, 0);

describe('Retry-After', () => {
  test.each([
    ['whole seconds', '57', 57_000],
    ['seconds with decimals', '1.5', 1_500],
    ['spaces around', '  20 ', 20_000],
    ['no wait at all, raised to a second', '0', 1_000],
    ['a negative wait, raised to a second', '-30', 1_000],
    ['a day, cut to an hour', '86400', 3_600_000],
    ['an absurd number, cut to an hour', '9'.repeat(400), 3_600_000],
    ['a date ahead', 'Tue, 24 Nov 2026 12:02:00 GMT', 120_000],
    ['a date gone by, raised to a second', 'Tue, 24 Nov 2026 11:00:00 GMT', 1_000],
    ['a date far ahead, cut to an hour', 'Wed, 25 Nov 2026 12:00:00 GMT', 3_600_000],
    ['the obsolete form of a date', 'Tuesday, 24-Nov-26 12:00:30 GMT', 30_000],
    ['the C form of a date', 'Tue Nov 24 12:00:30 2026 GMT', 30_000],
  ])('is understood as %s', (_form, header, waitMs) => {
    expect(parseRetryAfter(header, now)).toBe(waitMs);
  });

  test.each([undefined, '', '   ', 'soon', '1-2', '5 minutes', '1e3', '0x10', 'NaN', 'Infinity', 'Tue, soon'])(
    'is ignored when it reads %j',
    (header) => {
      expect(parseRetryAfter(header, now)).toBeUndefined();
    },
  );

  test('is measured against the current time by default', () => {
    const inTwoMinutes = new Date(Date.now() + 120_000).toUTCString();
    expect(parseRetryAfter(inTwoMinutes)).toBeGreaterThan(110_000);
  });

  test('is never less than a second or more than an hour', () => {
    const anyHeader = fc.oneof(fc.string(), fc.double().map(String), fc.date().map(String), fc.integer().map(String));
    fc.assert(
      fc.property(anyHeader, (header) => {
        const waitMs = parseRetryAfter(header, now);
        expect(waitMs === undefined || (Number.isInteger(waitMs) && waitMs >= 1_000 && waitMs <= 3_600_000)).toBe(true);
      }),
    );
  });

  test('returns seconds within the limits exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_600 }), (seconds) => {
        expect(parseRetryAfter(String(seconds), now)).toBe(seconds * 1_000);
      }),
    );
  });
});
