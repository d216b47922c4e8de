/** What the simulator can be asked from outside, and the shape of a question and its answer. */

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
  /** The body as it came; empty when there was none. */
  rawBody: string;
}

export interface Answer {
  status: number;
  headers?: Record<string, string> | undefined;
  /** A string is sent as it is, anything else as JSON; absent = an empty body. */
  body?: unknown;
  /** The call changed what the simulator knows: the change outlives the loss of this answer. */
  committed?: boolean | undefined;
}
