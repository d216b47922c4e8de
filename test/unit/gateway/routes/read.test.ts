import fc from 'fast-check';
import { toCursor, readCursor } from '../../../../src/gateway/routes/read';

test('a cursor returns the server’s token, whatever it contains', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (token) => {
      expect(Buffer.from(readCursor(toCursor(token))!)).toEqual(Buffer.from(token));
    }),
  );
});

test('a truncated or altered cursor is invalid', () => {
  const cursor = toCursor(Buffer.from('a place in the list'));
  for (const broken of ['', 'x', cursor.slice(0, -2), `A${cursor.slice(1)}`, cursor.slice(3)]) {
    if (broken !== cursor) expect(readCursor(broken)).toBeUndefined();
  }
});
