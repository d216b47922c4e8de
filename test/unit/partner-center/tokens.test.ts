import { TokenError } from '../../../src/partner-center';
import { createTokenSource, type AccessToken } from '../../../src/partner-center/tokens';
import { expectRejection } from '../../support/http-server';

const MINUTE_MS = 60_000;

/** An Entra that counts its requests and answers when the test lets it, and a clock that the test sets. */
function createTokenSourceTestBed() {
  let nowMs = 0;
  const requests: { issue(): AccessToken; refuse(error: Error): void }[] = [];
  const request = () =>
    new Promise<AccessToken>((resolve, reject) => {
      const value = `token-${requests.length + 1}`;
      requests.push({
        issue() {
          const token = { value, obtainedAtMs: nowMs, expiresAtMs: nowMs + 60 * MINUTE_MS };
          resolve(token);
          return token;
        },
        refuse: reject,
      });
    });
  return {
    source: createTokenSource(request, () => nowMs),
    requests,
    advanceClock: (durationMs: number) => {
      nowMs += durationMs;
    },
    async first(): Promise<AccessToken> {
      const pending = this.source.current();
      requests[0]?.issue();
      return pending;
    },
  };
}

const refusal = () => new TokenError({ kind: 'refused', status: 401, errorCode: 'invalid_client' });

describe('the token source', () => {
  test('requests the first token once for all callers', async () => {
    const { source, requests } = createTokenSourceTestBed();
    const pending = Promise.all(Array.from({ length: 20 }, () => source.current()));
    requests[0]?.issue();
    expect(new Set((await pending).map(({ value }) => value))).toEqual(new Set(['token-1']));
    expect(requests).toHaveLength(1);
  });

  test('returns the same token until its renewal is due', async () => {
    const testBed = createTokenSourceTestBed();
    const token = await testBed.first();
    testBed.advanceClock(47 * MINUTE_MS);
    expect(await testBed.source.current()).toBe(token);
    expect(testBed.requests).toHaveLength(1);
  });

  test('renews before expiry, while the old token is still used', async () => {
    const testBed = createTokenSourceTestBed();
    const old = await testBed.first();
    testBed.advanceClock(49 * MINUTE_MS);
    expect(await Promise.all([testBed.source.current(), testBed.source.current()])).toEqual([old, old]);
    expect(testBed.requests).toHaveLength(2);
    const fresh = testBed.requests[1]?.issue();
    await Promise.resolve();
    expect(await testBed.source.current()).toBe(fresh);
  });

  test('survives an outage at renewal, and retries after a pause', async () => {
    const testBed = createTokenSourceTestBed();
    const old = await testBed.first();
    testBed.advanceClock(49 * MINUTE_MS);
    await testBed.source.current();
    testBed.requests[1]?.refuse(new TokenError({ kind: 'unavailable', status: 503 }));
    await Promise.resolve();
    expect(await testBed.source.current()).toBe(old);
    expect(await testBed.source.current()).toBe(old);
    expect(testBed.requests).toHaveLength(2);
    testBed.advanceClock(11_000);
    expect(await testBed.source.current()).toBe(old);
    expect(testBed.requests).toHaveLength(3);
  });

  test('waits for a new token in the last 30 seconds', async () => {
    const testBed = createTokenSourceTestBed();
    await testBed.first();
    testBed.advanceClock(60 * MINUTE_MS - 29_000);
    const pending = testBed.source.current();
    const fresh = testBed.requests[1]?.issue();
    expect(await pending).toBe(fresh);
  });

  test('renews earlier if Entra asks for it', async () => {
    let requests = 0;
    let nowMs = 0;
    const source = createTokenSource(
      () => {
        requests += 1;
        return Promise.resolve({
          value: 't',
          obtainedAtMs: 0,
          expiresAtMs: 60 * MINUTE_MS,
          refreshAtMs: 5 * MINUTE_MS,
        });
      },
      () => nowMs,
    );
    await source.current();
    nowMs = 6 * MINUTE_MS;
    await source.current();
    expect(requests).toBe(2);
  });

  test('remembers a refusal for a minute, for all callers', async () => {
    const { source, requests, advanceClock } = createTokenSourceTestBed();
    const first = source.current();
    requests[0]?.refuse(refusal());
    await expect(first).rejects.toMatchObject({ kind: 'refused' });
    advanceClock(59_000);
    const results = await Promise.allSettled(Array.from({ length: 1_000 }, () => source.current()));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(requests).toHaveLength(1);
    advanceClock(2_000);
    const later = source.current();
    requests[1]?.issue();
    await expect(later).resolves.toMatchObject({ value: 'token-2' });
  });

  test('asks again at once after an outage that named no time', async () => {
    const { source, requests } = createTokenSourceTestBed();
    const first = source.current();
    requests[0]?.refuse(new TokenError({ kind: 'unavailable', status: 503 }));
    await expectRejection(first, TokenError);
    const second = source.current();
    requests[1]?.issue();
    await expect(second).resolves.toMatchObject({ value: 'token-2' });
  });

  test('waits as long as Entra asks, a minute at most', async () => {
    const { source, requests, advanceClock } = createTokenSourceTestBed();
    const first = source.current();
    requests[0]?.refuse(new TokenError({ kind: 'unavailable', status: 429, retryAfterMs: 600_000 }));
    await expectRejection(first, TokenError);
    advanceClock(30_000);
    await expectRejection(source.current(), TokenError);
    expect(requests).toHaveLength(1);
    advanceClock(31_000);
    const later = source.current();
    requests[1]?.issue();
    await later;
  });

  test('replaces a rejected token once for all callers', async () => {
    const testBed = createTokenSourceTestBed();
    const rejected = await testBed.first();
    const pending = Promise.all(Array.from({ length: 20 }, () => testBed.source.replace(rejected)));
    const fresh = testBed.requests[1]?.issue();
    expect(new Set(await pending)).toEqual(new Set([fresh]));
    expect(await testBed.source.replace(rejected)).toBe(fresh);
    expect(testBed.requests).toHaveLength(2);
  });

  test('does not return a rejected token while its replacement is requested', async () => {
    const testBed = createTokenSourceTestBed();
    const rejected = await testBed.first();
    const replaced = testBed.source.replace(rejected);
    const otherCaller = testBed.source.current();
    const fresh = testBed.requests[1]?.issue();
    expect(await otherCaller).toBe(fresh);
    expect(await replaced).toBe(fresh);
  });

  test('does not request a replacement while a refusal is remembered', async () => {
    const testBed = createTokenSourceTestBed();
    const rejected = await testBed.first();
    const first = testBed.source.replace(rejected);
    testBed.requests[1]?.refuse(refusal());
    await expectRejection(first, TokenError);
    await expectRejection(testBed.source.replace(rejected), TokenError);
    expect(testBed.requests).toHaveLength(2);
  });
});
