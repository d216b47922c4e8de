import { join } from 'node:path';

/** A port of this machine that the stack listens on, and the variable that moves it. */
export interface Port {
  readonly usedBy: string;
  readonly variable: string;
  readonly number: number;
}

const PORTS = {
  temporal: { usedBy: 'Temporal server', variable: 'TEMPORAL_PORT', default: 7233 },
  temporalUi: { usedBy: 'Temporal UI', variable: 'TEMPORAL_UI_PORT', default: 8233 },
  simulator: { usedBy: 'simulator', variable: 'SIMULATOR_PORT', default: 4010 },
  gateway: { usedBy: 'gateway', variable: 'GATEWAY_PORT', default: 3000 },
  workerHealth: { usedBy: "worker's health check", variable: 'WORKER_HEALTH_PORT', default: 9090 },
} as const;

export interface StackSettings {
  readonly root: string;
  /** Everything the stack keeps: databases, logs, environment. */
  readonly stateFolder: string;
  readonly logFolder: string;
  readonly ports: Readonly<Record<keyof typeof PORTS, Port>>;
  /** Whether Temporal listens where clients look for it by themselves. */
  readonly temporalIsAtDefault: boolean;
}

/** One line a port for `--help`. */
export function describePorts(): string {
  return Object.values(PORTS)
    .map((port) => `  ${port.variable.padEnd(20)} ${String(port.default).padEnd(6)} ${port.usedBy}`)
    .join('\n');
}

/** The stack's settings in the checkout `root`. Throws one error that names every variable that is no port. */
export function readStackSettings(root: string, environment: NodeJS.ProcessEnv): StackSettings {
  const faults: string[] = [];
  const read = (port: (typeof PORTS)[keyof typeof PORTS]): Port => {
    const text = environment[port.variable] || String(port.default);
    const number = Number(text);
    if (!Number.isInteger(number) || number < 1 || number > 65_535) {
      faults.push(`${port.variable} is "${text}": give a port from 1 to 65535, or unset it for ${port.default}.`);
    }
    return { usedBy: port.usedBy, variable: port.variable, number };
  };
  const ports = {
    temporal: read(PORTS.temporal),
    temporalUi: read(PORTS.temporalUi),
    simulator: read(PORTS.simulator),
    gateway: read(PORTS.gateway),
    workerHealth: read(PORTS.workerHealth),
  };
  if (faults.length > 0) throw new Error(faults.join('\n'));

  const stateFolder = join(root, '.local');
  return {
    root,
    stateFolder,
    logFolder: join(stateFolder, 'logs'),
    ports,
    temporalIsAtDefault: ports.temporal.number === PORTS.temporal.default,
  };
}
