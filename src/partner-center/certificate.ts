import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';

/**
 * Reads a PEM text with an RSA private key and its certificate, in any order; intermediate certificates may follow.
 * Throws an Error that names the variable, what is wrong and the fix; it never quotes the text.
 */
export function readClientCertificate(pem: string) {
  const privateKey = readPrivateKey(pem);
  const certificates = findBlocks(pem, 'CERTIFICATE').map((block) =>
    parseOrFail(() => new X509Certificate(block), 'certificate'),
  );
  if (certificates.length === 0) {
    throw fault('holds no certificate', 'append the block that starts with BEGIN CERTIFICATE');
  }
  const own = certificates.find((certificate) => certificate.checkPrivateKey(privateKey));
  if (!own) {
    throw fault('holds a private key that belongs to none of its certificates', 'put the matching pair into one file');
  }
  return {
    thumbprintSha256: own.fingerprint256.replaceAll(':', ''),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    // The client's own certificate comes first.
    x5c: [own, ...certificates.filter((certificate) => certificate !== own)].map(String).join('\n'),
  };
}

function readPrivateKey(pem: string): KeyObject {
  const [block] = findBlocks(pem, '[A-Z ]*PRIVATE KEY');
  if (block === undefined) {
    throw fault('holds no private key', 'append the block that starts with BEGIN PRIVATE KEY');
  }
  if (block.includes('ENCRYPTED')) {
    throw fault('holds an encrypted private key', 'decrypt it first, for example with "openssl pkey"');
  }
  const key = parseOrFail(() => createPrivateKey(block), 'private key');
  if (key.asymmetricKeyType !== 'rsa') {
    throw fault(`holds a private key of type ${key.asymmetricKeyType}`, 'use an RSA key, which Entra requires');
  }
  return key;
}

/** OpenSSL's own error is dropped: its text and properties may quote what it could not read. */
function parseOrFail<T>(parse: () => T, what: string): T {
  try {
    return parse();
  } catch {
    throw fault(`holds a ${what} that cannot be read`, 'export it again as PEM');
  }
}

function findBlocks(pem: string, label: string): string[] {
  return pem.match(new RegExp(`-----BEGIN (${label})-----[\\s\\S]+?-----END \\1-----`, 'g')) ?? [];
}

function fault(found: string, fix: string): Error {
  return new Error(`PARTNER_CENTER_CLIENT_CERTIFICATE_PATH: the file ${found}; ${fix}.`);
}
