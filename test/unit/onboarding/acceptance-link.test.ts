import { createAcceptanceLinks } from '../../../src/onboarding/acceptance-link';

const oldKey = { id: 'old', secret: Buffer.alloc(32, 1) };
const newKey = { id: 'new', secret: Buffer.alloc(32, 2) };
const target = { onboardingId: 'fabrikam:D-4711', runId: '01a20c88-5b68-7d7d-94b8-c08689d1bd36' };

const links = createAcceptanceLinks([newKey, oldKey], 'https://onboarding.example/');

test('a token names its run', () => {
  const url = links.getUrl(target);
  expect(url).toBe(`https://onboarding.example/accept/${links.getToken(target)}`);
  expect(links.parseToken(links.getToken(target))).toEqual(target);
});

test('the first key signs, and every configured key verifies', () => {
  const before = createAcceptanceLinks([oldKey], 'https://onboarding.example');
  expect(links.parseToken(before.getToken(target))).toEqual(target);
  expect(before.parseToken(links.getToken(target))).toBeUndefined();
});

test('a token with any one letter changed is refused', () => {
  const token = links.getToken(target);
  for (let at = 0; at < token.length; at += 1) {
    for (const letter of 'AEIMQUYcgkosw048BFJNRVZdhlptx159_-.') {
      if (token[at] === letter) continue;
      expect(links.parseToken(`${token.slice(0, at)}${letter}${token.slice(at + 1)}`)).toBeUndefined();
    }
  }
});

test.each(['', '.', '..', 'a.b', 'a.b.c.d', 'x'.repeat(10_000), 'bmV3.W10.AAAA'])('%.20p is not a token', (token) => {
  expect(links.parseToken(token)).toBeUndefined();
});
