/** The operations that callers can request and the shape of a call and its answer. */

export const OPERATIONS = [
  'token',
  'createAttestation',
  'attestationStatus',
  'createAgreement',
  'customerAgreements',
  'agreementMetadata',
  'directSignedStatus',
  'auditRecords',
  'createOrder',
  'component',
  'acceptance',
  'crmEvent',
] as const;

export type Operation = (typeof OPERATIONS)[number];

export interface Call {
  operation: Operation;
  method: string;
  path: string;
  params: Record<string, string>;
  /** From the path, in lower case; empty when the path names no customer. */
  customerId: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  /** The body as received; empty when there was none. */
  rawBody: string;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** A string is sent unchanged, anything else as JSON; absent = an empty body. */
  body?: unknown;
  /** The call changed the simulator's data; the change stays even if the answer is lost. */
  committed?: boolean;
}
