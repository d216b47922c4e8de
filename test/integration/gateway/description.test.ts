/** Both descriptions of the API, OpenAPI 3.1 and Swagger 2.0. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { toSwagger2 } from '../../../tools/swagger-2';
import { problemKinds } from '../../../src/gateway/problems';
import type { TestGateway } from '../../support/test-gateway';
import { TestStack } from '../../support/test-stack';

type Json = Record<string, unknown>;

let stack: TestStack;
let gateway: TestGateway;
let modern: Json;
let old: Json;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'unreachable', gateway: true });
  gateway = stack.gateway;
  modern = (await gateway.get('/openapi.json', { key: '' })).body;
  old = (await gateway.get('/openapi-2.0.json', { key: '' })).body;
});
afterAll(() => stack?.close());

/** Why a document is not valid; empty if it is. */
async function findFault(document: Json): Promise<string> {
  const validator = spawn(process.execPath, [`${__dirname}/validate-description.mjs`], {
    stdio: ['pipe', 'inherit', 'pipe'],
  });
  validator.stdin.end(JSON.stringify(document));
  const [fault, [code]] = await Promise.all([text(validator.stderr), once(validator, 'close')]);
  return code === 0 ? '' : fault || `exit code ${String(code)}`;
}

test('the validator finds that a document is not valid', async () => {
  expect(await findFault({ ...modern, paths: { '/x': { get: { responses: 'none' } } } })).not.toBe('');
  expect(await findFault({ ...old, paths: { '/x': { get: { responses: 'none' } } } })).not.toBe('');
});

/** Every value of a member of this name, anywhere in a document. */
function collectValues(document: unknown, name: string): unknown[] {
  if (typeof document !== 'object' || document === null) return [];
  return Object.entries(document).flatMap(([key, value]) => [
    ...(key === name ? [value] : []),
    ...collectValues(value, name),
  ]);
}

test('the description is valid OpenAPI 3.1', async () => {
  expect(modern['openapi']).toBe('3.1.0');
  expect(await findFault(modern)).toBe('');
});

test('its older form is valid Swagger 2.0, small enough for a custom connector, with nothing that 2.0 lacks', async () => {
  expect(old['swagger']).toBe('2.0');
  expect(await findFault(old)).toBe('');
  expect(JSON.stringify(old).length).toBeLessThan(1_000_000);
  for (const unknown of ['oneOf', 'anyOf', 'nullable', 'const', 'propertyNames', 'requestBody', 'content']) {
    expect([unknown, collectValues(old['paths'], unknown), collectValues(old['definitions'], unknown)]).toEqual([
      unknown,
      [],
      [],
    ]);
  }
  expect(old['securityDefinitions']).toEqual({ apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' } });
});

test('both have the same operations, each with a name of its own', () => {
  const listOperations = (document: Json) =>
    Object.entries(document['paths'] as Json).flatMap(([path, item]) =>
      Object.entries(item as Json).map(
        ([method, operation]) => `${method} ${path} ${String((operation as Json)['operationId'])}`,
      ),
    );
  expect(listOperations(old)).toEqual(listOperations(modern));
  expect(listOperations(modern).toSorted()).toEqual([
    'get /v1/onboardings listOnboardings',
    'get /v1/onboardings/{id} getOnboarding',
    'post /v1/onboardings startOnboarding',
    'post /v1/onboardings/{id}/acceptance reportAcceptance',
    'post /v1/onboardings/{id}/cancel cancelOnboarding',
    'post /v1/onboardings/{id}/decline decline',
    'post /v1/onboardings/{id}/frame openFrame',
    'post /v1/onboardings/{id}/link getLink',
    'post /v1/onboardings/{id}/restart restartOnboarding',
    'post /v1/onboardings/{id}/retry retryOnboarding',
  ]);
});

test('the request is described by the schema that checks it, in both', () => {
  const paths = modern['paths'] as Record<string, Record<string, Json>>;
  const body = paths['/v1/onboardings']!['post']!['requestBody'] as { content: Record<string, { schema: Json }> };
  const { schema } = body.content['application/json']!;
  expect(schema['required']).toEqual(['dealId', 'customerId', 'attestation']);
  expect(Object.keys(schema['properties'] as Json)).toEqual(
    expect.arrayContaining(['callbackUrl', 'remindAfterMinutes', 'metadata', 'linkValidForMinutes']),
  );
  const older = old['paths'] as Record<string, Record<string, { parameters: { name: string; schema: Json }[] }>>;
  const parameter = older['/v1/onboardings']!['post']!.parameters.find(({ name }) => name === 'body')!;
  expect(parameter.schema['required']).toEqual(schema['required']);
  expect(Object.keys(parameter.schema['properties'] as Json)).toEqual(Object.keys(schema['properties'] as Json));
});

test('a body is required where a call needs one, in both', () => {
  const required = (document: Json) =>
    Object.entries(document['paths'] as Record<string, { post?: Json }>).flatMap(([path, { post }]) => {
      const parameters = (post?.['parameters'] ?? []) as Json[];
      const body = (post?.['requestBody'] ?? parameters.find(({ name }) => name === 'body')) as Json | undefined;
      return body?.['required'] === true ? [path] : [];
    });
  expect(required(modern)).toEqual(['/v1/onboardings', '/v1/onboardings/{id}/decline']);
  expect(required(old)).toEqual(required(modern));
});

test('the links of an answer name every action of an onboarding', () => {
  const { OnboardingLinks } = (modern['components'] as { schemas: Record<string, { properties: Json }> }).schemas;
  const actions = Object.keys(modern['paths'] as Json).flatMap((path) => path.split('/v1/onboardings/{id}/')[1] ?? []);
  expect(Object.keys(OnboardingLinks!.properties).toSorted()).toEqual(['self', ...actions].toSorted());
});

test('every kind of problem is documented', () => {
  const [problem] = collectValues(modern['components'], 'Problem') as [
    { properties: { type: { description: string } } },
  ];
  for (const kind of Object.keys(problemKinds)) expect(problem.properties.type.description).toContain(kind);
});

test('the committed descriptions are up to date; `npm run describe:api` writes them', () => {
  expect(JSON.parse(readFileSync('docs/openapi.json', 'utf8'))).toEqual(modern);
  expect(JSON.parse(readFileSync('docs/openapi-2.0.json', 'utf8'))).toEqual(toSwagger2(modern));
  expect(old).toEqual(toSwagger2(modern));
});
