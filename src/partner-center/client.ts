import { randomUUID } from 'node:crypto';
import type { AgreementType, Attestation, PrimaryContact } from '../onboarding/request';
import {
  buildFirstAuditQuery,
  matchesAuditQuery,
  readAuditPage,
  type AuditPage,
  type AuditQuery,
  type AuditRecord,
} from './audit-records';
import { createTokenRequest } from './entra';
import { createExchange, type CallOptions, type PartnerCenterSettings } from './exchange';
import { asObject, createHttpClient } from './http';
import { createTokenSource } from './tokens';

export interface AgreementRequest {
  userId?: string;
  attestationId?: string;
  templateId: string;
  /** ISO 8601 in UTC, with `Z`. */
  dateAgreed: string;
  type: AgreementType;
  primaryContact?: PrimaryContact;
}

export type PartnerCenter = ReturnType<typeof createPartnerCenter>;

/** A page has up to 500 records, each of which contains a whole resource as text. */
const MAX_AUDIT_PAGE_BYTES = 16_777_216;
/** 50,000 records of one customer in 90 days: more can only be a page that links to itself. */
const MAX_AUDIT_PAGES = 100;
/** An attempt may need two tokens. Entra usually answers within a second, so a longer wait does not help. */
const MAX_TOKEN_TIMEOUT_MS = 10_000;

/**
 * A Partner Center client for bringing a customer onto the agreement. Each call is one attempt; the caller decides by
 * the PartnerCenterError or TokenError whether to make another. @throws an Error that names the variable if the
 * credentials cannot be used
 */
export function createPartnerCenter(settings: PartnerCenterSettings) {
  const http = createHttpClient();
  const tokenTimeoutMs = Math.min(settings.timeoutMs, MAX_TOKEN_TIMEOUT_MS);
  const tokens = createTokenSource(createTokenRequest(settings.credentials, http, tokenTimeoutMs));
  const exchange = createExchange(settings, http, tokens);

  /** Each call creates another attestation. */
  async function createAttestation(body: Attestation, call: CallOptions): Promise<{ attestationId: string }> {
    const path = 'attestations/enhanced';
    const success = await exchange({ operation: 'createAttestation', method: 'POST', path, body }, call);
    const attestationId = asObject(success.json)?.['attestationId'];
    if (typeof attestationId !== 'string' || attestationId.trim() === '') {
      throw success.unusable('a success without an attestationId');
    }
    return { attestationId };
  }

  /** Confirms the customer's acceptance; 600061 is an error like any other. */
  async function createAgreement(customerId: string, body: AgreementRequest, call: CallOptions) {
    const path = `customers/${encodeURIComponent(customerId)}/agreements`;
    const success = await exchange({ operation: 'createAgreement', method: 'POST', path, body }, call);
    const agreement = asObject(success.json);
    if (!agreement) throw success.unusable();
    // Partner Center's error bodies have these two; a front end may have replaced the status of one with its own.
    if ('code' in agreement || 'errorName' in agreement) throw success.unusable('an error body with a success status');
    const { agreementLink } = agreement;
    return { agreementLink: typeof agreementLink === 'string' ? agreementLink : undefined };
  }

  /** All pages of a customer's activity log; records appear up to hours late. */
  async function findAuditRecords(query: AuditQuery, call: CallOptions): Promise<AuditRecord[]> {
    const found: AuditRecord[] = [];
    let next: AuditPage['next'] = { query: buildFirstAuditQuery(query) };
    for (let pages = 0; next; pages += 1) {
      const success = await exchange(
        {
          operation: 'findAuditRecords',
          method: 'GET',
          path: `auditrecords?${next.query}`,
          headers: next.headers,
          maxBodyBytes: MAX_AUDIT_PAGE_BYTES,
        },
        // The id is the idempotency key: with the same one, the answer to the second page could be the first page.
        pages === 0 ? call : { ...call, requestId: randomUUID() },
      );
      const page = readAuditPage(success.json);
      if (!page) throw success.unusable('a success without items');
      found.push(...page.records.filter((record) => matchesAuditQuery(record, query)));
      if (page.next && pages + 1 === MAX_AUDIT_PAGES) throw success.unusable(`more than ${MAX_AUDIT_PAGES} pages`);
      next = page.next;
    }
    return found;
  }

  return {
    createAttestation,
    createAgreement,
    findAuditRecords,
    /** Requests a token if none is cached, and nothing else. */
    async checkCredentials(): Promise<void> {
      await tokens.current();
    },
    /** Closes all sockets, which ends the calls in flight. */
    close: () => http.close(),
  };
}
