/** What figures were measured on and with. */
import { cpus, totalmem } from 'node:os';
import { version as sdkVersion } from '@temporalio/client/package.json';

export function machineDescription(): string {
  const processors = cpus();
  return `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}`;
}

export function versionsWith(temporalCli: string, temporalServer: string): Record<string, string> {
  return {
    node: process.version,
    'Temporal SDK': sdkVersion,
    'Temporal CLI': temporalCli,
    'Temporal server': temporalServer,
  };
}

export function versionsText(versions: Record<string, string>): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}
