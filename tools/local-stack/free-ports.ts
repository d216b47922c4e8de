import { createServer } from 'node:net';
import type { Port } from './settings';

/** Throws one error that names every port that cannot be listened on, with the variable that moves it. */
export async function requireFreePorts(ports: readonly Port[]): Promise<void> {
  const faults: string[] = [];
  for (const port of ports) {
    const twin = ports.find((other) => other !== port && other.number === port.number);
    const fault = twin ? `is also ${twin.variable}` : await whyNotFree(port.number);
    if (fault) faults.push(`Port ${port.number} for the ${port.usedBy} ${fault}: set ${port.variable} to another one.`);
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

async function whyNotFree(port: number): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${error.code ?? error.message})`);
    });
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(undefined)));
  });
}
