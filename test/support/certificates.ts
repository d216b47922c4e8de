import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A fresh key and its self-signed certificate as PEM, valid for two days. */
export function makeCertificate(kind: 'rsa' | 'ec' = 'rsa'): { key: string; certificate: string } {
  const { privateKey, publicKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const pem = selfSigned(privateKey, publicKey).toString('base64').replace(/.{64}/g, '$&\n');
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    certificate: `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`,
  };
}

// Node has no call that makes a certificate, and unit tests need nothing but Node: this is RFC 5280, version 1.
const [INTEGER, BIT_STRING, OBJECT_ID, UTF8_STRING, UTC_TIME, SEQUENCE, SET] = [
  0x02, 0x03, 0x06, 0x0c, 0x17, 0x30, 0x31,
];
const SHA256_WITH_RSA = Buffer.from('2a864886f70d01010b', 'hex');
const ECDSA_WITH_SHA256 = Buffer.from('2a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('550403', 'hex');
const DAY_MS = 86_400_000;

function selfSigned(privateKey: KeyObject, publicKey: KeyObject): Buffer {
  const oid = privateKey.asymmetricKeyType === 'rsa' ? SHA256_WITH_RSA : ECDSA_WITH_SHA256;
  const algorithm = der(SEQUENCE, der(OBJECT_ID, oid));
  const name = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, der(OBJECT_ID, COMMON_NAME), der(UTF8_STRING, Buffer.from('agreement-onboarding')))),
  );
  const validity = der(SEQUENCE, time(Date.now() - DAY_MS), time(Date.now() + DAY_MS));
  const serial = der(INTEGER, Buffer.from([1]), randomBytes(8));
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const content = der(SEQUENCE, serial, algorithm, name, validity, name, spki);
  const signature = sign('sha256', content, privateKey);
  return der(SEQUENCE, content, algorithm, der(BIT_STRING, Buffer.from([0]), signature));
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), value]);
}

function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14);
  return der(UTC_TIME, Buffer.from(`${digits}Z`));
}
