/** `GET /v1/auditrecords`: the audit log, the only read that shows agreements to App-only tokens. */
import { z } from 'zod';
import { parseUtc } from './agreement-request';
import { classicError } from './errors';
import type { Answer, Call } from './operations';
import { ANY_TOKEN, buildCollection, withAccess } from './partner-center';
import type { Simulation } from './simulation';
import type { Agreement } from './store';

const DAY_MS = 86_400_000;

const filterSchema = z.object({
  Field: z.enum(['CustomerId', 'CompanyName', 'ResourceType']),
  Value: z.string(),
  Operator: z.enum(['equals', 'substring']),
});

type Filter = z.infer<typeof filterSchema>;

export const listAuditRecords = withAccess(ANY_TOKEN, (simulation, call): Answer => {
  const now = simulation.clock.now();
  const range = parseDateRange(call, now);
  if (typeof range === 'string') return classicError(400, 800002, range);
  const filter = parseFilter(call.query['filter']);
  if (filter === 'invalid') return classicError(400, 800002, 'The filter is invalid.');

  const visibleSince = now - simulation.switches.auditDelayMs;
  const records = simulation.store
    .getAllAgreements()
    .filter(({ createdAt }) => createdAt >= range.start && createdAt <= Math.min(range.end, visibleSince))
    .filter((agreement) => filter === undefined || matches(filter, agreement));
  return buildPage(simulation, call, records);
});

function buildPage(simulation: Simulation, call: Call, records: readonly Agreement[]): Answer {
  const { seekOperation: _seekOperation, ...query } = call.query;
  const uri = `/auditrecords?${new URLSearchParams(query).toString()}`;
  const size = Math.min(Math.max(1, Number(query['size']) || Infinity), simulation.switches.auditPageSize);
  const continuation = Buffer.from(call.headers['ms-continuationtoken'] ?? '', 'base64url').toString();
  const offset = Number(continuation) || 0;
  const end = offset + size;
  const next = {
    next: {
      uri: `${uri}&seekOperation=Next`,
      method: 'GET',
      // The token is sent as a header: a request for the URI alone gets the first page again.
      headers: [{ key: 'MS-ContinuationToken', value: Buffer.from(String(end)).toString('base64url') }],
    },
  };
  const items = records.slice(offset, end).map((agreement) => buildRecord(simulation, agreement));
  return buildCollection(items, uri, end < records.length ? next : {});
}

function parseDateRange(call: Call, now: number): { start: number; end: number } | string {
  const { startDate, endDate } = call.query;
  const start = startDate === undefined ? now - 30 * DAY_MS : parseUtc(startDate);
  const end = endDate === undefined ? Infinity : parseUtc(endDate);
  if (start === undefined) return `The startDate '${startDate}' is invalid.`;
  if (end === undefined) return `The endDate '${endDate}' is invalid.`;
  // A start without a time of day can be up to one day earlier.
  if (start < now - 90 * DAY_MS - (isDay(startDate) ? DAY_MS : 0)) {
    return 'The startDate must not be more than 90 days in the past.';
  }
  return { start, end: isDay(endDate) ? end + DAY_MS - 1 : end };
}

function isDay(text: string | undefined): boolean {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text);
}

function parseFilter(text: string | undefined): Filter | 'invalid' | undefined {
  if (text === undefined) return undefined;
  try {
    return filterSchema.parse(JSON.parse(text));
  } catch {
    return 'invalid';
  }
}

function matches(filter: Filter, agreement: Pick<Agreement, 'customerId' | 'companyName'>): boolean {
  const value = filter.Value.toLowerCase();
  const fields = {
    CustomerId: agreement.customerId,
    CompanyName: agreement.companyName ?? '',
    ResourceType: 'agreement',
  };
  const found = fields[filter.Field].toLowerCase();
  return filter.Operator === 'equals' ? found === value : found.includes(value);
}

function buildRecord(simulation: Simulation, agreement: Agreement): object {
  const { tenantId, clientId } = simulation.credentials;
  return {
    id: `${tenantId}_${agreement.customerId}_createagreement_${agreement.createdAt}`,
    partnerId: tenantId,
    customerId: agreement.customerId,
    customerName: agreement.companyName ?? '',
    applicationId: clientId,
    resourceType: 'agreement',
    operationType: 'create_agreement',
    operationDate: new Date(agreement.createdAt).toISOString(),
    operationStatus: 'succeeded',
    customizedData: [{ key: 'CustomerId', value: agreement.customerId }],
    attributes: { objectType: 'AuditRecord' },
  };
}
