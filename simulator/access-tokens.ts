/** Access tokens, signed so that they stay valid after a restart without being stored. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export type TokenKind = 'appOnly' | 'appPlusUser';

export interface TokenClaims {
  aud: string;
  kind: TokenKind;
  tid: string;
  appid: string;
  /** Seconds since the epoch by the machine's clock, because the client compares it with that clock. */
  exp: number;
}

export interface TokenState {
  key: string;
  /** Tokens of an earlier generation are revoked. */
  generation: number;
}

export class Tokens {
  state: TokenState = { key: randomBytes(32).toString('base64url'), generation: 0 };

  issue(claims: TokenClaims): string {
    const header = encode({ typ: 'JWT', alg: 'HS256', kid: 'simulator' });
    const id = randomBytes(8).toString('hex');
    const payload = encode({ ...claims, generation: this.state.generation, jti: id });
    return `${header}.${payload}.${this.#sign(`${header}.${payload}`)}`;
  }

  /** The claims of a valid token; undefined when it is forged, expired or revoked. */
  verify(token: string): TokenClaims | undefined {
    const [header, payload, signature] = token.split('.');
    if (header === undefined || payload === undefined || signature === undefined) return undefined;
    const expected = Buffer.from(this.#sign(`${header}.${payload}`));
    const found = Buffer.from(signature);
    if (expected.length !== found.length || !timingSafeEqual(expected, found)) return undefined;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as TokenClaims & TokenState;
    return claims.generation === this.state.generation && claims.exp * 1000 > Date.now() ? claims : undefined;
  }

  /** Refuses every token issued so far. */
  revokeAll(): void {
    this.state = { ...this.state, generation: this.state.generation + 1 };
  }

  #sign(text: string): string {
    return createHmac('sha256', this.state.key).update(text).digest('base64url');
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
