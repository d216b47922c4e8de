/** Entry point: runs the simulator as a process, configured by environment variables. */
import { z } from 'zod';
import { demoCredentials, startSimulator, type SimulatorOptions } from './index';
import { switchesSchema } from './switches';

const text = z.string().min(1, 'is empty; give it a value or leave it out');
const port = z
  .string()
  .refine((value) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535, {
    error: ({ input }) => `"${String(input)}" is not a port; give a number from 0 (any free port) to 65535`,
  })
  .transform(Number);

const environmentSchema = z.object({
  SIMULATOR_HOST: text.default('127.0.0.1'),
  SIMULATOR_PORT: port.default(4010),
  SIMULATOR_STATE_FILE: text.optional(),
  SIMULATOR_TENANT_ID: text.default(demoCredentials.tenantId),
  SIMULATOR_CLIENT_ID: text.default(demoCredentials.clientId),
  SIMULATOR_CLIENT_SECRET: text.default(demoCredentials.clientSecret),
  SIMULATOR_CRM_SECRET: switchesSchema.shape.crmSecret,
});

function readEnvironment(environment: NodeJS.ProcessEnv): SimulatorOptions {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
    throw new Error(`The simulator's environment is invalid:\n${problems.join('\n')}`);
  }
  const variables = parsed.data;
  return {
    host: variables.SIMULATOR_HOST,
    port: variables.SIMULATOR_PORT,
    stateFile: variables.SIMULATOR_STATE_FILE,
    tenantId: variables.SIMULATOR_TENANT_ID,
    clientId: variables.SIMULATOR_CLIENT_ID,
    clientSecret: variables.SIMULATOR_CLIENT_SECRET,
    switches: { crmSecret: variables.SIMULATOR_CRM_SECRET },
  };
}

function describeError(error: unknown, options: SimulatorOptions | undefined): string {
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
    return `Port ${options?.port} on ${options?.host} is in use. Set SIMULATOR_PORT to a free one, or stop the process that uses it.`;
  }
  return error instanceof Error ? error.message : String(error);
}

async function main(): Promise<void> {
  let options: SimulatorOptions | undefined;
  const fail = (error: unknown) => {
    process.stderr.write(`${describeError(error, options)}\n`);
    process.exitCode = 1;
  };
  try {
    options = readEnvironment(process.env);
    const simulator = await startSimulator(options);
    const stop = () => void simulator.close().catch(fail);
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    const { tenantId, clientId } = simulator.credentials;
    const ready = { event: 'simulatorReady', url: simulator.url, tenantId, clientId, pid: process.pid };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
  } catch (error) {
    fail(error);
  }
}

if (require.main === module) void main();
