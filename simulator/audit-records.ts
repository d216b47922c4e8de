/** `GET /v1/auditrecords`: the activity log, the one agreement trace that App-only tokens may read. */
import { z } from 'zod';
import { parseUtc } from './agreement-request';
import { classicError } from './errors';
import type { Answer, Call } from './operation';
import { collection, guarded, OPEN_TO_ALL } from './partner-center';
import type { Agreement } from './store';
import type { World } from './world';

const DAY_MS = 86_400_000;

const filterSchema = z.object({
  Field: z.enum(['CustomerId', 'CompanyName', 'ResourceType']),
  Value: z.string(),
  Operator: z.enum(['equals', 'substring']),
});

type Filter = z.infer<typeof filterSchema>;

export const auditRecords = guarded(OPEN_TO_ALL, (world, call): Answer => {
  const now = world.clock.now();
  const range = dateRange(call, now);
  if (typeof range === 'string') return classicError(400, 800002, range);
  const filter = readFilter(call.query['filter']);
  if (filter === 'invalid') return classicError(400, 800002, 'The filter is invalid.');

  const visibleSince = now - world.switches.auditDelayMs;
  const records = world.store
    .allAgreements()
    .filter(({ createdAt }) => createdAt >= range.start && createdAt <= Math.min(range.end, visibleSince))
    .filter((agreement) => filter === undefined || passes(filter, agreement));
  return page(world, call, records);
});

function page(world: World, call: Call, records: readonly Agreement[]): Answer {
  const { seekOperation: _seekOperation, ...query } = call.query;
  const uri = `/auditrecords?${new URLSearchParams(query).toString()}`;
  const size = Math.min(Math.max(1, Number(query['size']) || Infinity), world.switches.auditPageSize);
  const continuation = Buffer.from(call.headers['ms-continuationtoken'] ?? '', 'base64url').toString();
  const offset = Number(continuation) || 0;
  const end = offset + size;
  const next = {
    next: {
      uri: `${uri}&seekOperation=Next`,
      method: 'GET',
      // The token travels in a header: whoever follows the address alone reads the first page again.
      headers: [{ key: 'MS-ContinuationToken', value: Buffer.from(String(end)).toString('base64url') }],
    },
  };
  const items = records.slice(offset, end).map((agreement) => recordOf(world, agreement));
  return collection(items, uri, end < records.length ? next : {});
}

function dateRange(call: Call, now: number): { start: number; end: number } | string {
  const { startDate, endDate } = call.query;
  const start = startDate === undefined ? now - 30 * DAY_MS : parseUtc(startDate);
  const end = endDate === undefined ? Infinity : parseUtc(endDate);
  if (start === undefined) return `The startDate '${startDate}' is invalid.`;
  if (end === undefined) return `The endDate '${endDate}' is invalid.`;
  // A start given as a day is compared as a day.
  if (start < now - 90 * DAY_MS - (isDay(startDate) ? DAY_MS : 0)) {
    return 'The startDate must not lie more than 90 days in the past.';
  }
  return { start, end: isDay(endDate) ? end + DAY_MS - 1 : end };
}

function isDay(text: string | undefined): boolean {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text);
}

function readFilter(text: string | undefined): Filter | 'invalid' | undefined {
  if (text === undefined) return undefined;
  try {
    return filterSchema.parse(JSON.parse(text));
  } catch {
    return 'invalid';
  }
}

function passes(filter: Filter, agreement: Pick<Agreement, 'customerId' | 'companyName'>): boolean {
  const value = filter.Value.toLowerCase();
  const fields = {
    CustomerId: agreement.customerId,
    CompanyName: agreement.companyName ?? '',
    ResourceType: 'agreement',
  };
  const found = fields[filter.Field].toLowerCase();
  return filter.Operator === 'equals' ? found === value : found.includes(value);
}

function recordOf(world: World, agreement: Agreement): object {
  const { tenantId, clientId } = world.credentials;
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
