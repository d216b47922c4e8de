/** Checks the signed statement (RFC 7523) with which a client proves itself by certificate. */
import { constants, createVerify, X509Certificate } from 'node:crypto';
import { z } from 'zod';

const headerSchema = z.looseObject({ alg: z.enum(['RS256', 'PS256']) });
const claimsSchema = z.looseObject({ iss: z.string(), sub: z.string(), aud: z.string(), exp: z.number() });

export interface AssertionExpectation {
  tenantId: string;
  clientId: string;
  /** PEM; null = the signature is taken on trust. */
  certificate: string | null;
}

/** What is wrong with the assertion, or undefined. Its times are held against the machine's clock, as its maker's are. */
export function assertionFault(assertion: string, expected: AssertionExpectation): string | undefined {
  const [header, payload, signature] = assertion.split('.');
  if (!header || !payload || !signature) return 'it is not a JWT of three parts';
  const parsedHeader = headerSchema.safeParse(decode(header));
  if (!parsedHeader.success) return 'its header names no alg RS256 or PS256';
  const parsedClaims = claimsSchema.safeParse(decode(payload));
  if (!parsedClaims.success) return 'its claims lack iss, sub, aud or exp';
  const claims = parsedClaims.data;
  if (claims.iss !== expected.clientId || claims.sub !== expected.clientId) return 'iss and sub must be the client id';
  if (!isTokenEndpoint(claims.aud, expected.tenantId)) return `aud "${claims.aud}" is not this tenant's token endpoint`;
  if (claims.exp * 1000 <= Date.now()) return 'it has expired';
  if (expected.certificate === null) return undefined;
  const genuine = isSignedBy(expected.certificate, `${header}.${payload}`, signature, parsedHeader.data.alg);
  return genuine ? undefined : 'its signature does not match the registered certificate';
}

/** Any host: a client that reaches the simulator may still believe it talks to login.microsoftonline.com. */
function isTokenEndpoint(audience: string, tenantId: string): boolean {
  const path = URL.canParse(audience) ? new URL(audience).pathname : '';
  return [`/${tenantId}/oauth2/v2.0/token`, `/${tenantId}/oauth2/token`, `/${tenantId}/v2.0`].includes(path);
}

function isSignedBy(certificate: string, text: string, signature: string, algorithm: 'RS256' | 'PS256'): boolean {
  const key = new X509Certificate(certificate).publicKey;
  const verifier = createVerify('RSA-SHA256').update(text);
  const padding =
    algorithm === 'PS256'
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : { padding: constants.RSA_PKCS1_PADDING };
  return verifier.verify({ key, ...padding }, signature, 'base64url');
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}
