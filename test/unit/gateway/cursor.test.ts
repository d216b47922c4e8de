import fc from 'fast-check';
import { cursorOf, tokenIn } from '../../../src/gateway/cursor';

test('a cursor gives back the server’s token, whatever it holds', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (token) => {
      expect(Buffer.from(tokenIn(cursorOf(token))!)).toEqual(Buffer.from(token));
    }),
  );
});

test('a cursor that was cut or changed is none', () => {
  const cursor = cursorOf(Buffer.from('a place in the list'));
  for (const broken of ['', 'x', cursor.slice(0, -2), `A${cursor.slice(1)}`, cursor.slice(3)]) {
    if (broken !== cursor) expect(tokenIn(broken)).toBeUndefined();
  }
});
