import { CUSTOMER, useSimulator } from './client';

const client = useSimulator();

const records = (query: Record<string, string> = {}, headers = {}) =>
  client().api('GET', `/auditrecords?${new URLSearchParams(query).toString()}`, undefined, headers);

const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

const order = () => client().api('POST', `/customers/${CUSTOMER}/orders`, {});

const readAgreements = (query = '') => client().api('GET', `/customers/${CUSTOMER}/agreements${query}`);

const agreeAs = async (firstName: string, customerId = CUSTOMER, fields: object = {}) => {
  const attestationId = await client().acceptedAttestation({ signatoryFirstName: firstName });
  expect((await client().agree({ attestationId, ...fields }, {}, customerId)).status).toBe(201);
};

describe('agreement reads', () => {
  beforeEach(() => client().switches({ agreementGetsAllowAppOnly: true }));

  it('show Cloud Agreements only without a filter', async () => {
    await agreeAs('John');
    expect((await readAgreements()).json).toMatchObject({ totalCount: 0, items: [] });
    const all = await readAgreements('?agreementType=*');
    expect(all.json).toMatchObject({
      totalCount: 1,
      items: [{ primaryContact: { firstName: 'John' }, type: 'MicrosoftCustomerAgreement' }],
      attributes: { objectType: 'Collection' },
    });
  });

  it('list several agreements of a customer, each after its delay', async () => {
    await agreeAs('John');
    await agreeAs('Jane');
    expect((await readAgreements('?agreementType=MicrosoftCustomerAgreement')).json).toMatchObject({ totalCount: 2 });
    await client().switches({ agreementReadDelayMs: 4 * 3_600_000 });
    expect((await readAgreements('?agreementType=*')).json).toMatchObject({ totalCount: 0 });
    await client().send('PUT', '/simulator/clock', { offsetMs: 4 * 3_600_000 });
    expect((await readAgreements('?agreementType=*')).json).toMatchObject({ totalCount: 2 });
  });

  it('list the metadata of both templates', async () => {
    const metadata = (await client().api('GET', '/agreements?agreementType=*')).json;
    expect(metadata).toMatchObject({ totalCount: 2, items: [{ agreementType: 'MicrosoftCustomerAgreement' }, {}] });
  });

  it('show a direct acceptance separately from agreements that the partner confirmed', async () => {
    const path = `/customers/${CUSTOMER}/directSignedMicrosoftCustomerAgreementStatus`;
    await agreeAs('John');
    expect((await client().api('GET', path)).json).toEqual({ isSigned: false });
    await client().send('PUT', `/simulator/customers/${CUSTOMER}`, { directSignedAt: new Date().toISOString() });
    expect((await client().api('GET', path)).json).toEqual({ isSigned: true });
  });
});

describe('an order', () => {
  it('is refused until there is a current agreement', async () => {
    const refused = await order();
    expect(refused.status).toBe(403);
    expect(refused.json).toMatchObject({ code: 13605 });
    await agreeAs('John', CUSTOMER, { dateAgreed: '2023-03-31T23:59:59Z' });
    expect((await order()).status).toBe(403);
    await agreeAs('Jane', CUSTOMER, { dateAgreed: '2023-04-01T00:00:00Z' });
    expect((await order()).status).toBe(201);
  });

  it('is accepted after a direct acceptance alone', async () => {
    await client().send('PUT', `/simulator/customers/${CUSTOMER}`, { directSignedAt: '2025-01-01T00:00:00Z' });
    expect((await order()).status).toBe(201);
    await client().send('PUT', `/simulator/customers/${CUSTOMER}`, { directSignedAt: null });
    expect((await order()).status).toBe(403);
  });
});

describe('audit records', () => {
  const other = '9d4c1a52-9a0e-4a0b-8f6e-0a3f1b2c3d4e';
  const filter = JSON.stringify({ Field: 'CustomerId', Value: CUSTOMER.toUpperCase(), Operator: 'equals' });

  it('can be read with an application token, filtered by customer', async () => {
    await agreeAs('John');
    await agreeAs('John', other);
    expect((await records()).json).toMatchObject({ totalCount: 2 });
    expect((await records({ startDate: day(0), endDate: day(0), filter })).json).toMatchObject({
      totalCount: 1,
      items: [{ customerId: CUSTOMER, operationType: 'create_agreement', operationStatus: 'succeeded' }],
    });
    expect((await records({ endDate: day(-1) })).json).toMatchObject({ totalCount: 0 });
  });

  it('reach back at most 90 days', async () => {
    expect((await records({ startDate: day(-90) })).status).toBe(200);
    const refused = await records({ startDate: day(-92) });
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject({ description: expect.stringContaining('90 days') });
    expect((await records({ filter: '{"Field":' })).status).toBe(400);
    expect((await records({ startDate: 'yesterday' })).status).toBe(400);
    expect((await records({ endDate: 'tomorrow' })).status).toBe(400);
  });

  it('appear after the switched delay', async () => {
    await client().switches({ auditDelayMs: 60_000 });
    await agreeAs('John');
    expect((await records()).json).toMatchObject({ totalCount: 0 });
    await client().send('PUT', '/simulator/clock', { offsetMs: 60_000 });
    expect((await records()).json).toMatchObject({ totalCount: 1 });
  });

  it('are paged, and a header requests the next page', async () => {
    await client().switches({ auditPageSize: 2 });
    for (const name of ['A', 'B', 'C']) await agreeAs(name);
    expect((await records({ size: '-1' })).json).toMatchObject({ totalCount: 1 });
    const first = (await records()).json as { items: object[]; links: { next: Link } };
    expect(first.items).toHaveLength(2);
    const { uri, headers } = first.links.next;
    const continuation = Object.fromEntries(headers.map(({ key, value }) => [key, value]));
    const second = await client().api('GET', uri, undefined, continuation);
    expect(second.json).toMatchObject({ totalCount: 1, links: { self: {} } });
    expect(second.json).not.toHaveProperty('links.next');
  });
});

interface Link {
  uri: string;
  headers: { key: string; value: string }[];
}
