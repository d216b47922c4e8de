import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fresh key and its self-signed certificate as PEM, made by the `openssl` of this machine. */
export function makeCertificate(keyOptions: string[] = ['rsa:2048']): { key: string; certificate: string } {
  const folder = mkdtempSync(join(tmpdir(), 'partner-center-certificate-'));
  try {
    const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    const subject = ['-subj', '/CN=agreement-onboarding', '-days', '2', '-nodes'];
    const files = ['-keyout', keyFile, '-out', certificateFile];
    execFileSync('openssl', ['req', '-x509', '-newkey', ...keyOptions, ...subject, ...files], { stdio: 'pipe' });
    return { key: readFileSync(keyFile, 'utf8'), certificate: readFileSync(certificateFile, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
