/** A real Temporal server and the simulated Partner Center, and the command line of an operator who uses them. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkerOptions } from '@temporalio/worker';
import { createActivities } from '../../src/activities';
import { createCrmActivities } from '../../src/activities/deliver-event';
import { readWorkerConfig } from '../../src/config';
import { toEventsTaskQueue } from '../../src/onboarding/delivery';
import type { OnboardingRequest } from '../../src/onboarding/request';
import { createPartnerCenter } from '../../src/partner-center';
import { type Simulator, startSimulator } from '../../simulator';
import { searchAttributeKeys } from '../../src/temporal/search-attributes';
import { WorkerGroup } from '../../src/process/worker-group';
import { silenceTemporal } from '../support/silent-runtime';
import { type DevServerOptions, startDevServer } from '../support/temporal-servers';
import { answerOf, commandLine, errorOf, type Run } from '../support/command-line';

type Answer = Record<string, unknown>;

export class OperatorStage {
  private constructor(
    private readonly server: DevServerOptions,
    public env: TestWorkflowEnvironment,
    readonly simulator: Simulator,
    readonly environment: Record<string, string>,
  ) {}

  static async open(options: DevServerOptions = {}): Promise<OperatorStage> {
    silenceTemporal();
    const server = { searchAttributes: searchAttributeKeys, ...options };
    const [env, simulator] = await Promise.all([startDevServer(server), startSimulator({ port: 0 })]);
    const { tenantId, clientId, clientSecret } = simulator.credentials;
    return new OperatorStage(server, env, simulator, {
      TEMPORAL_ADDRESS: env.address,
      TEMPORAL_NAMESPACE: 'default',
      TEMPORAL_TASK_QUEUE: `test-${randomUUID()}`,
      PARTNER_CENTER_BASE_URL: simulator.url,
      PARTNER_CENTER_ACCEPTANCE_URL: `${simulator.url}/mca/`,
      PARTNER_CENTER_TENANT_ID: tenantId,
      PARTNER_CENTER_CLIENT_ID: clientId,
      PARTNER_CENTER_CLIENT_SECRET: clientSecret,
      ENTRA_TOKEN_ENDPOINT: `${simulator.url}/${tenantId}/oauth2/v2.0/token`,
    });
  }

  async close(): Promise<void> {
    await this.env.teardown();
    await this.simulator.close();
  }

  /** After `env.teardown`: a server at the same place with what the last one stored, given `port` and `dbFilename`. */
  async restartServer(): Promise<void> {
    this.env = await startDevServer(this.server);
  }

  /** Starts a worker, for both task queues unless told otherwise, and gives what drains it; that may be called twice. */
  async startWorker(
    environment: Record<string, string> = {},
    { delivers = true, ...options }: Pick<WorkerOptions, 'identity'> & { delivers?: boolean } = {},
  ): Promise<() => Promise<void>> {
    const config = readWorkerConfig({ ...this.environment, ...environment });
    const partnerCenter = createPartnerCenter(config.partnerCenter);
    const common = { connection: this.env.nativeConnection, ...options };
    const workers = await WorkerGroup.create([
      {
        ...common,
        taskQueue: config.taskQueue,
        workflowBundle: { codePath: process.env['TEST_WORKFLOW_BUNDLE']! },
        activities: createActivities({ partnerCenter, agreementSettings: config.agreement }),
      },
      ...(delivers
        ? [{ ...common, taskQueue: toEventsTaskQueue(config.taskQueue), activities: createCrmActivities(undefined) }]
        : []),
    ] satisfies WorkerOptions[]);
    const ended = workers.run();
    return async () => {
      workers.shutdown();
      await ended;
      partnerCenter.close();
    };
  }

  cli(...args: string[]): Promise<Run> {
    return commandLine(args, { environment: this.environment });
  }

  json(...args: string[]): Promise<Answer> {
    return answerOf(args, { environment: this.environment });
  }

  async failure(...args: string[]): Promise<{ code: number; error: Answer }> {
    const run = await this.cli('--json', ...args);
    return { code: run.code, error: errorOf(run) };
  }

  start(request: OnboardingRequest, environment: Record<string, string> = {}): Promise<Answer> {
    const stdin = JSON.stringify(request);
    return answerOf(['start', '-'], { environment: { ...this.environment, ...environment }, stdin });
  }

  /** The answer of a command once it is as wanted; visibility, for one, follows after a moment. */
  async until(args: string[], wanted: (answer: Answer) => boolean, withinMs = 20_000): Promise<Answer> {
    for (const deadline = Date.now() + withinMs; ;) {
      const answer = await this.json(...args);
      if (wanted(answer)) return answer;
      if (Date.now() > deadline) throw new Error(`Not as wanted: ${JSON.stringify(answer)}`);
      await pause(50);
    }
  }

  untilStatus(deal: string, status: string): Promise<Answer> {
    return this.until(['status', deal], (view) => view['status'] === status && view['partial'] === undefined);
  }

  /** What the simulator is told by its control routes. */
  control(method: string, path: string, body: unknown): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return fetch(`${this.simulator.url}${path}`, { method, headers, body: JSON.stringify(body) });
  }
}

/** The ids in the answer of `list`. */
export function idsIn(answer: Answer): string[] {
  return (answer['onboardings'] as { id: string }[]).map(({ id }) => id);
}
