import { PartnerCenterError } from '../../../src/partner-center';
import { call, customerId } from './fixtures';
import { json, expectRejection, startClientTestBed, text, type ClientTestBed } from '../../support/http-server';

let testBed: ClientTestBed;
beforeEach(async () => {
  testBed = await startClientTestBed();
});
afterEach(() => testBed.close());

const record = (over: object = {}) => ({
  partnerId: '3b33e682-00c3-41ee-9dd2-a548adf56438',
  customerId,
  customerName: 'Relecloud',
  userPrincipalName: 'admin@relecloud.example',
  resourceType: 'agreement',
  resourceNewValue: '{"PrimaryContact":{"FirstName":"Joanna"}}',
  operationType: 'create_agreement',
  operationDate: '2026-11-24T09:31:05.0589308Z',
  operationStatus: 'succeeded',
  ...over,
});

const kept = {
  customerId,
  operationType: 'create_agreement',
  operationDate: '2026-11-24T09:31:05.0589308Z',
  operationStatus: 'succeeded',
};

const next = (uri: string, token?: string) => ({
  next: { uri, method: 'GET', headers: token === undefined ? [] : [{ key: 'MS-ContinuationToken', value: token }] },
});

const find = (operationType?: string) =>
  testBed.partnerCenter.findAuditRecords(
    { startDate: '2026-11-23', customerId, ...(operationType && { operationType }) },
    call,
  );

describe('finding audit records', () => {
  test('asks for the records of the customer from a date on', async () => {
    testBed.api.answer(json(200, { totalCount: 0, items: [] }));
    await expect(find()).resolves.toEqual([]);
    const url = new URL(testBed.api.requests[0]?.url ?? '', testBed.api.url);
    expect(url.pathname).toBe('/v1/auditrecords');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      startDate: '2026-11-23',
      filter: `{"Field":"CustomerId","Value":"${customerId}","Operator":"equals"}`,
    });
    expect(testBed.api.requests[0]).toMatchObject({ method: 'GET', body: '' });
    expect(testBed.api.requests[0]?.headers['content-type']).toBeUndefined();
  });

  test('keeps the operation and drops names and the resource', async () => {
    testBed.api.answer(json(200, { items: [record()] }));
    await expect(find()).resolves.toEqual([kept]);
  });

  test('filters by operation, and by customer if the server did not', async () => {
    const others = [
      record({ operationType: 'create_order' }),
      record({ customerId: 'somebody-else' }),
      'no record',
      {},
    ];
    testBed.api.answer(json(200, { items: [...others, record({ customerId: customerId.toUpperCase() })] }));
    const found = await find('Create_Agreement');
    expect(found).toEqual([{ ...kept, customerId: customerId.toUpperCase() }]);
  });

  test('reads the bare array of the Swagger description', async () => {
    testBed.api.answer(json(200, [record()]));
    await expect(find()).resolves.toEqual([kept]);
  });

  test('reads the next pages with their token, each with its own request id', async () => {
    testBed.api.answer(
      json(200, {
        items: [record({ operationStatus: 'failed' })],
        links: next('/auditrecords?size=1&seekOperation=Next', 'AQ=='),
      }),
      json(200, { items: [record()] }),
    );
    const found = await find();
    expect(found.map(({ operationStatus }) => operationStatus)).toEqual(['failed', 'succeeded']);
    const [first, second] = testBed.api.requests;
    expect(second?.url).toBe('/v1/auditrecords?size=1&seekOperation=Next');
    expect(second?.headers['ms-continuationtoken']).toBe('AQ==');
    expect(first?.headers['ms-requestid']).toBe(call.requestId);
    expect(second?.headers['ms-requestid']).not.toBe(call.requestId);
    expect(second?.headers['ms-correlationid']).toBe(call.correlationId);
  });

  test('asks its own host even if a page links to another', async () => {
    testBed.api.answer(
      json(200, { items: [], links: next(`${testBed.entra.url}/collect?seekOperation=Next#x`) }),
      json(200, { items: [record()] }),
    );
    await expect(find()).resolves.toEqual([kept]);
    expect(testBed.api.requests[1]?.url).toBe('/v1/auditrecords?seekOperation=Next');
    expect(testBed.entra.requests).toHaveLength(1);
  });

  test('fails on endless pages instead of returning incomplete records', async () => {
    testBed.api.answer(json(200, { items: [], links: next('/auditrecords?seekOperation=Next', 'AQ==') }));
    const error = await expectRejection(find(), PartnerCenterError);
    expect(error).toMatchObject({ kind: 'unavailable', operation: 'findAuditRecords' });
    expect(testBed.api.requests).toHaveLength(100);
  });

  test.each([
    ['no list', json(200, { totalCount: 3 })],
    ['a page', text(200, '<html>')],
    ['nothing', text(200, '')],
  ])('does not read %s as an empty list', async (_what, answer) => {
    testBed.api.answer(answer);
    const error = await expectRejection(find(), PartnerCenterError);
    expect(error).toMatchObject({ kind: 'unavailable' });
    expect(error.message).toContain('a success without items');
  });
});
