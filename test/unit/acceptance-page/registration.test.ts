import { createHash } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import fastify, { type FastifyInstance } from 'fastify';
import { createAcceptanceLinks } from '../../../src/onboarding/acceptance-link';
import { OnboardingClient } from '../../../src/client/onboarding-client';
import { MIN_PARAM_LENGTH, registerAcceptancePage } from '../../../src/acceptance-page';
import { createLogger } from '../../../src/process/logging';
import { closeSafePlugin } from '../../../src/temporal/connection';

// Needs no Temporal: none of these links is valid.
function buildApp(frameAncestors: string[]): FastifyInstance {
  const app = fastify({ routerOptions: { maxParamLength: MIN_PARAM_LENGTH } });
  registerAcceptancePage(app, {
    onboardings: new OnboardingClient(
      new Client({ connection: Connection.lazy({ address: '127.0.0.1:1', plugins: [closeSafePlugin] }) }),
      'none',
    ),
    links: createAcceptanceLinks([{ id: 'test', secret: Buffer.alloc(32) }], 'https://partner.example/mca'),
    microsoftPageUrl: 'https://cdn.partner.microsoft.com/mca/',
    frameAncestors,
    log: createLogger({ level: 'silent' }),
  });
  return app;
}

test('the policy names the sites that may frame the page, and allows Microsoft’s page as its only frame', async () => {
  const { headers } = await buildApp(['https://portal.example', "'self'"]).inject('/accept/x');
  expect(headers['content-security-policy']).toContain("frame-ancestors https://portal.example 'self'");
  expect(headers['content-security-policy']).toContain('frame-src https://cdn.partner.microsoft.com;');
});

test.each(['script', 'style'])('the policy allows exactly the %s that the page holds', async (kind) => {
  const { body, headers } = await buildApp([]).inject('/accept/x');
  const inline = new RegExp(`<${kind}>(.*?)</${kind}>`, 's').exec(body)![1]!;
  const hash = createHash('sha256').update(inline).digest('base64');
  expect(headers['content-security-policy']).toContain(`${kind}-src 'sha256-${hash}';`);
});

test('an invalid token of the maximum length is an invalid link, not an unknown route', async () => {
  const { statusCode, headers } = await buildApp([]).inject(`/accept/${'x'.repeat(MIN_PARAM_LENGTH)}`);
  expect([statusCode, headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
});

test('a form that is too large is refused before it is parsed', async () => {
  const { statusCode } = await buildApp([]).inject({
    method: 'POST',
    url: '/accept/x/declined',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `comment=${'x'.repeat(20_000)}`,
  });
  expect(statusCode).toBe(413);
});

test('an invalid link is answered in the browser’s language', async () => {
  const { body } = await buildApp([]).inject({ url: '/accept/x', headers: { 'accept-language': 'ja,en;q=0.5' } });
  expect(body).toContain('<html lang="ja" dir="ltr">');
  expect(body).toContain('このリンクは無効です');
});
