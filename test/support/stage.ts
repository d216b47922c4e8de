import { setTimeout as pause } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { createActivities } from '../../src/activities';
import type { AgreementSettings } from '../../src/config';
import type { OnboardingRequest } from '../../src/onboarding/request';
import type { OnboardingView } from '../../src/onboarding/view';
import { createPartnerCenter, type PartnerCenter } from '../../src/partner-center';
import { type Simulator, startSimulator } from '../../simulator/index';
import { registerSearchAttributes } from '../../src/temporal/namespace';
import { searchAttributeKeys } from '../../src/temporal/search-attributes';
import { startOptions } from '../../src/client/start';
import type { agreementOnboarding } from '../../src/workflows';
import { onboardingStatusQuery } from '../../src/workflows/messages';
import { silenceTemporal } from './silent-runtime';
import { SimulatorControl } from './simulator-control';
import { type DevServerOptions, startDevServer, startTimeSkippingServer } from './temporal-servers';

export type Handle = WorkflowHandleWithFirstExecutionRunId<typeof agreementOnboarding>;

const TEMPLATE_ID = '117a77b0-9360-443b-8795-c6dedc750cf9';

interface StageOptions {
  /** For one call to the simulator. */
  timeoutMs?: number | undefined;
}

/**
 * Everything real around the workflow: a Temporal server, the activities and the Partner Center client, and the
 * simulator over HTTP.
 */
export class Stage {
  readonly control: SimulatorControl;
  private readonly workers: { worker: Worker; ended: Promise<void> }[] = [];

  private constructor(
    readonly env: TestWorkflowEnvironment,
    readonly simulator: Simulator,
    readonly partnerCenter: PartnerCenter,
  ) {
    this.control = new SimulatorControl(simulator.url);
  }

  /** A server whose clock jumps over waits; it moves only while a result is awaited or in `after`. */
  static timeSkipping(options: StageOptions = {}): Promise<Stage> {
    return Stage.open(options, async () => {
      const env = await startTimeSkippingServer();
      await registerSearchAttributes(env.connection, 'default');
      return env;
    });
  }

  static devServer({ timeoutMs, ...server }: StageOptions & DevServerOptions = {}): Promise<Stage> {
    return Stage.open({ timeoutMs }, () => startDevServer({ ...server, searchAttributes: searchAttributeKeys }));
  }

  private static async open(
    { timeoutMs = 2_000 }: StageOptions,
    startServer: () => Promise<TestWorkflowEnvironment>,
  ): Promise<Stage> {
    silenceTemporal();
    const simulator = await startSimulator({ port: 0 });
    const env = await startServer().catch(async (error: unknown) => {
      await simulator.close(); // else it keeps the process alive, and jest waits for ever instead of telling
      throw error;
    });
    const { tenantId, clientId, clientSecret } = simulator.credentials;
    const partnerCenter = createPartnerCenter({
      baseUrl: simulator.url,
      apiVersion: 'v1',
      timeoutMs,
      credentials: {
        tenantId,
        clientId,
        clientSecret,
        scope: 'https://api.partnercenter.microsoft.com/.default',
        tokenEndpoint: `${simulator.url}/${tenantId}/oauth2/v2.0/token`,
      },
    });
    return new Stage(env, simulator, partnerCenter);
  }

  async close(): Promise<void> {
    await this.stopWorkers();
    this.partnerCenter.close();
    await this.simulator.close();
    await this.env.teardown();
  }

  newTaskQueue(): string {
    return `test-${randomUUID()}`;
  }

  /** Starts a worker that runs until `stopWorkers`. */
  async startWorker(
    taskQueue: string,
    { settings = {}, ...options }: Partial<WorkerOptions> & { settings?: Partial<AgreementSettings> } = {},
  ): Promise<void> {
    const worker = await Worker.create({
      connection: this.env.nativeConnection,
      taskQueue,
      workflowBundle: { codePath: process.env['TEST_WORKFLOW_BUNDLE']! },
      activities: createActivities({
        partnerCenter: this.partnerCenter,
        agreementSettings: { defaultTemplateId: TEMPLATE_ID, allowPrimaryContactMethod: false, ...settings },
      }),
      ...options,
    });
    this.workers.push({ worker, ended: worker.run() });
  }

  async stopWorkers(): Promise<void> {
    for (const { worker, ended } of this.workers.splice(0)) {
      worker.shutdown();
      await ended;
    }
  }

  start(taskQueue: string, request: OnboardingRequest): Promise<Handle> {
    return this.env.client.workflow.start<typeof agreementOnboarding>(
      'agreementOnboarding',
      startOptions(taskQueue, request, 1),
    );
  }

  /** The view once it is as wanted; real time only, the server's clock stands still meanwhile. */
  async until(handle: Handle, wanted: (view: OnboardingView) => boolean): Promise<OnboardingView> {
    for (const deadline = Date.now() + 20_000; ;) {
      const view = await handle.query(onboardingStatusQuery).catch(() => undefined);
      if (view !== undefined && wanted(view)) return view;
      if (Date.now() > deadline) throw new Error(`Not as wanted: ${JSON.stringify(view, undefined, 2)}`);
      await pause(20);
    }
  }

  status(handle: Handle, status: OnboardingView['status']): Promise<OnboardingView> {
    return this.until(handle, (view) => view.status === status);
  }

  /** Sets the simulator's clock to the server's, which may be days ahead by now. */
  async synchronizeClocks(): Promise<void> {
    const now = new Date(await this.env.currentTimeMs()).toISOString();
    await this.control.send('PUT', '/simulator/clock', { now });
  }

  /** Lets the server's clock run on; wakes whatever is due. */
  async after(ms: number): Promise<void> {
    await this.env.sleep(ms);
  }
}
