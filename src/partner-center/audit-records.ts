import { z } from 'zod';
import { asObject, type JsonObject } from './http';

/** One entry of the activity log, without the names and the resource that Partner Center's answer contains. */
const auditRecord = z.object({
  customerId: z.string(),
  /** For example `create_agreement`. */
  operationType: z.string(),
  /** ISO 8601, UTC. */
  operationDate: z.string(),
  /** `succeeded`, `failed` or `progress`. */
  operationStatus: z.string(),
});
export type AuditRecord = z.infer<typeof auditRecord>;

export interface AuditQuery {
  /** `yyyy-mm-dd`, at most 90 days back: an older one is answered with 400. */
  startDate: string;
  customerId: string;
  /** Any case. Filtered here: Partner Center cannot filter by it. */
  operationType?: string;
}

/** The query string of the first page. Partner Center filters by customer, company or resource type, not by operation. */
export function buildFirstAuditQuery({ startDate, customerId }: AuditQuery): string {
  const filter = JSON.stringify({ Field: 'CustomerId', Value: customerId, Operator: 'equals' });
  return new URLSearchParams({ startDate, filter }).toString();
}

export type AuditPage = NonNullable<ReturnType<typeof readAuditPage>>;

/** Reads one page: the documented envelope, or the bare array of the Swagger. Undefined if it is neither. */
export function readAuditPage(body: unknown) {
  const envelope = asObject(body);
  const items: unknown = Array.isArray(body) ? body : envelope?.['items'];
  if (!Array.isArray(items)) return undefined;
  const records = items.map((item) => auditRecord.safeParse(item).data).filter((record) => record !== undefined);
  return { records, next: readNextLink(asObject(envelope?.['links'])?.['next']) };
}

/** Whether a record matches the query, ignoring case as Partner Center does. */
export function matchesAuditQuery(record: AuditRecord, { customerId, operationType }: AuditQuery): boolean {
  return (
    record.customerId.toLowerCase() === customerId.toLowerCase() &&
    (operationType === undefined || record.operationType.toLowerCase() === operationType.toLowerCase())
  );
}

/**
 * The query string and the headers that ask for the next page. Only the query of the link is used: our token must never go to a host that an answer names.
 */
function readNextLink(link: unknown): { query: string; headers?: Record<string, string> } | undefined {
  const { uri, headers }: JsonObject = asObject(link) ?? {};
  if (typeof uri !== 'string') return undefined;
  const query = uri.split('?').slice(1).join('?').split('#')[0] ?? '';
  if (query === '') return undefined;
  const continuationToken = (Array.isArray(headers) ? headers : [])
    .map((header: unknown) => asObject(header))
    .find((header) => String(header?.['key']).toLowerCase() === 'ms-continuationtoken')?.['value'];
  return typeof continuationToken === 'string' && /^[\x21-\x7e]{1,4096}$/.test(continuationToken)
    ? { query, headers: { 'MS-ContinuationToken': continuationToken } }
    : { query };
}
