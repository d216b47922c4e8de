import { TokenError } from '../../../src/partner-center';
import { createTokenSource, type AccessToken } from '../../../src/partner-center/tokens';
import { expectRejection } from '../../support/http-server';

const MINUTE_MS = 60_000;

/** An Entra that counts its requests and answers when told to, and a clock that is set by hand. */
function setTokenStage() {
  let nowMs = 0;
  const asked: { issue(): AccessToken; refuse(error: Error): void }[] = [];
  const request = () =>
    new Promise<AccessToken>((resolve, reject) => {
      const value = `token-${asked.length + 1}`;
      asked.push({
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
    asked,
    pass: (durationMs: number) => {
      nowMs += durationMs;
    },
    async first(): Promise<AccessToken> {
      const pending = this.source.current();
      asked[0]?.issue();
      return pending;
    },
  };
}

const refusal = () => new TokenError({ kind: 'refused', status: 401, errorCode: 'invalid_client' });

describe('the token source', () => {
  test('requests the first token once for all callers', async () => {
    const { source, asked } = setTokenStage();
    const pending = Promise.all(Array.from({ length: 20 }, () => source.current()));
    asked[0]?.issue();
    expect(new Set((await pending).map(({ value }) => value))).toEqual(new Set(['token-1']));
    expect(asked).toHaveLength(1);
  });

  test('returns the same token until its renewal is due', async () => {
    const stage = setTokenStage();
    const token = await stage.first();
    stage.pass(47 * MINUTE_MS);
    expect(await stage.source.current()).toBe(token);
    expect(stage.asked).toHaveLength(1);
  });

  test('renews before expiry, while the old token is still used', async () => {
    const stage = setTokenStage();
    const old = await stage.first();
    stage.pass(49 * MINUTE_MS);
    expect(await Promise.all([stage.source.current(), stage.source.current()])).toEqual([old, old]);
    expect(stage.asked).toHaveLength(2);
    const fresh = stage.asked[1]?.issue();
    await Promise.resolve();
    expect(await stage.source.current()).toBe(fresh);
  });

  test('survives an outage at renewal, and retries after a pause', async () => {
    const stage = setTokenStage();
    const old = await stage.first();
    stage.pass(49 * MINUTE_MS);
    await stage.source.current();
    stage.asked[1]?.refuse(new TokenError({ kind: 'unavailable', status: 503 }));
    await Promise.resolve();
    expect(await stage.source.current()).toBe(old);
    expect(await stage.source.current()).toBe(old);
    expect(stage.asked).toHaveLength(2);
    stage.pass(11_000);
    expect(await stage.source.current()).toBe(old);
    expect(stage.asked).toHaveLength(3);
  });

  test('waits for a new token in the last 30 seconds', async () => {
    const stage = setTokenStage();
    await stage.first();
    stage.pass(60 * MINUTE_MS - 29_000);
    const pending = stage.source.current();
    const fresh = stage.asked[1]?.issue();
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
    const { source, asked, pass } = setTokenStage();
    const first = source.current();
    asked[0]?.refuse(refusal());
    await expect(first).rejects.toMatchObject({ kind: 'refused' });
    pass(59_000);
    const crowd = await Promise.allSettled(Array.from({ length: 1_000 }, () => source.current()));
    expect(crowd.every(({ status }) => status === 'rejected')).toBe(true);
    expect(asked).toHaveLength(1);
    pass(2_000);
    const later = source.current();
    asked[1]?.issue();
    await expect(later).resolves.toMatchObject({ value: 'token-2' });
  });

  test('asks again at once after an outage that named no time', async () => {
    const { source, asked } = setTokenStage();
    const first = source.current();
    asked[0]?.refuse(new TokenError({ kind: 'unavailable', status: 503 }));
    await expectRejection(first, TokenError);
    const second = source.current();
    asked[1]?.issue();
    await expect(second).resolves.toMatchObject({ value: 'token-2' });
  });

  test('waits as long as Entra asks, a minute at most', async () => {
    const { source, asked, pass } = setTokenStage();
    const first = source.current();
    asked[0]?.refuse(new TokenError({ kind: 'unavailable', status: 429, retryAfterMs: 600_000 }));
    await expectRejection(first, TokenError);
    pass(30_000);
    await expectRejection(source.current(), TokenError);
    expect(asked).toHaveLength(1);
    pass(31_000);
    const later = source.current();
    asked[1]?.issue();
    await later;
  });

  test('replaces a rejected token once for all callers', async () => {
    const stage = setTokenStage();
    const rejected = await stage.first();
    const pending = Promise.all(Array.from({ length: 20 }, () => stage.source.replace(rejected)));
    const fresh = stage.asked[1]?.issue();
    expect(new Set(await pending)).toEqual(new Set([fresh]));
    expect(await stage.source.replace(rejected)).toBe(fresh);
    expect(stage.asked).toHaveLength(2);
  });

  test('does not return a rejected token while its replacement is requested', async () => {
    const stage = setTokenStage();
    const rejected = await stage.first();
    const replaced = stage.source.replace(rejected);
    const bystander = stage.source.current();
    const fresh = stage.asked[1]?.issue();
    expect(await bystander).toBe(fresh);
    expect(await replaced).toBe(fresh);
  });

  test('does not request a replacement while a refusal is remembered', async () => {
    const stage = setTokenStage();
    const rejected = await stage.first();
    const first = stage.source.replace(rejected);
    stage.asked[1]?.refuse(refusal());
    await expectRejection(first, TokenError);
    await expectRejection(stage.source.replace(rejected), TokenError);
    expect(stage.asked).toHaveLength(2);
  });
});
