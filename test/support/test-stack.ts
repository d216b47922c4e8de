import { randomBytes, randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import type { Browser } from 'playwright-core';
import { createActivities } from '../../src/activities';
import type { AgreementSettings } from '../../src/config';
import { createCrmActivities } from '../../src/activities/deliver-event';
import { buildStartOptions } from '../../src/client/start';
import { readWorkerConfig } from '../../src/config';
import { toEventsTaskQueue } from '../../src/onboarding/ids';
import type { AttestedRequest, OnboardingRequest } from '../../src/onboarding/request';
import type { OnboardingView } from '../../src/onboarding/view';
import { createPartnerCenter, type PartnerCenter } from '../../src/partner-center';
import { WorkerGroup } from '../../src/process/worker-group';
import { closeSafePlugin } from '../../src/temporal/connection';
import { registerSearchAttributes } from '../../src/temporal/namespace';
import { searchAttributeKeys } from '../../src/temporal/search-attributes';
import type { agreementOnboarding } from '../../src/workflows';
import { onboardingStatusQuery } from '../../src/workflows/messages';
import { type Simulator, startSimulator } from '../../simulator';
import { BuiltProcess, type Environment, type StartedProcess } from './built-process';
import { type BrowserOptions, launchChromium } from './chromium';
import { TestCli } from './command-line';
import { eventually } from './eventually';
import { attestedRequest } from './requests';
import { silenceTemporal } from './silent-runtime';
import { SimulatorControl } from './simulator-control';
import { type DevServerOptions, startDevServer, startTimeSkippingServer } from './temporal-servers';
import { type GatewayOptions, keys, TestGateway, toApiKeyEntry } from './test-gateway';
import { TestPage } from './test-page';

export type Handle = WorkflowHandleWithFirstExecutionRunId<typeof agreementOnboarding>;

/** An onboarding that waits for its signatory. */
export interface Invitation {
  handle: Handle;
  request: AttestedRequest;
  token: string;
  /** The signatory's link. */
  url: string;
}

export type WorkerSettings = Partial<WorkerOptions> & { settings?: Partial<AgreementSettings> };

export interface TestStackOptions {
  /**
   * `timeSkipping`: its clock jumps over waits, and moves only while a result is awaited or in `advanceClock`.
   * `dev`: the production server in one process, in real time.
   * `unreachable`: none; `client` has an address where nothing listens.
   */
  server?: 'timeSkipping' | 'dev' | 'unreachable';
  /** For the dev server. */
  serverOptions?: DevServerOptions;
  /** Partner Center, Entra, Microsoft's page and a CRM. Started automatically with a worker or the page. */
  simulator?: true;
  /** On `taskQueue`; `process`: the built worker as a process of its own. */
  worker?: true | 'process' | WorkerSettings;
  /** On a port of its own, in this process; `process`: the built gateway as a process of its own. */
  gateway?: true | 'process' | GatewayOptions;
  /** The signatory's page alone, on a port of its own, with a connection to Temporal that can be cut. */
  page?: true;
  /** Chromium. */
  browser?: true | BrowserOptions;
  /** Default: one that no other stack has. */
  taskQueue?: string;
  /** For one call to Partner Center. Default: 2 seconds. */
  partnerCenterTimeoutMs?: number;
}

const TEMPLATE_ID = '117a77b0-9360-443b-8795-c6dedc750cf9';

/**
 * The product with real servers: starts only what the options name, and `close` ends all of it.
 * Using a part that was not started throws.
 */
export class TestStack {
  readonly taskQueue: string;
  /** The environment for a worker, a gateway or a command line of this stack. */
  readonly environment: Record<string, string> = {};
  readonly #options: TestStackOptions;
  #server: TestWorkflowEnvironment | undefined;
  #simulator: Simulator | undefined;
  #partnerCenter: PartnerCenter | undefined;
  #unreachable: Client | undefined;
  #gateways: TestGateway[] = [];
  #gatewayProcess: StartedProcess | undefined;
  #page: TestPage | undefined;
  #browser: Browser | undefined;
  #drains: (() => Promise<void>)[] = [];

  private constructor(options: TestStackOptions) {
    this.#options = options;
    this.taskQueue = options.taskQueue ?? this.newTaskQueue();
  }

  static async start(options: TestStackOptions): Promise<TestStack> {
    silenceTemporal();
    const stack = new TestStack(options);
    try {
      await stack.#startParts();
      return stack;
    } catch (error) {
      await stack.close(); // what has started would keep the process alive, and jest would wait instead of reporting
      throw error;
    }
  }

  async #startParts(): Promise<void> {
    const { server, simulator, worker, gateway, page, browser } = this.#options;
    if (simulator || worker !== undefined || page) await this.#startSimulator();
    if (server === 'unreachable') this.#unreachable = connectToUnusedPort();
    else if (server !== undefined) await this.startServer();
    if (worker === 'process') await this.startWorkerProcess();
    else if (worker !== undefined) await this.startWorker(worker === true ? {} : worker);
    if (gateway === 'process') this.#gatewayProcess = await this.startGatewayProcess();
    else if (gateway !== undefined) await this.startGateway(gateway === true ? {} : gateway);
    if (page) this.#page = await TestPage.start(this.server.address, `${this.simulator.url}/mca/`);
    if (browser !== undefined) this.#browser = await launchChromium(browser === true ? {} : browser);
  }

  /** Also after `stopServer`: the dev server then has what it stored before if it was given a `dbFilename`. */
  async startServer(): Promise<void> {
    const { server, serverOptions } = this.#options;
    if (server === 'timeSkipping') {
      this.#server = await startTimeSkippingServer();
      await registerSearchAttributes(this.#server.connection, 'default');
    } else {
      this.#server = await startDevServer({ searchAttributes: searchAttributeKeys, ...serverOptions });
    }
    Object.assign(this.environment, {
      TEMPORAL_ADDRESS: this.#server.address,
      TEMPORAL_NAMESPACE: 'default',
      TEMPORAL_TASK_QUEUE: this.taskQueue,
    });
  }

  async stopServer(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.teardown();
  }

  async #startSimulator(): Promise<void> {
    this.#simulator = await startSimulator({ port: 0 });
    const { url, credentials } = this.#simulator;
    const { tenantId, clientId, clientSecret } = credentials;
    const tokenEndpoint = `${url}/${tenantId}/oauth2/v2.0/token`;
    this.#partnerCenter = createPartnerCenter({
      baseUrl: url,
      apiVersion: 'v1',
      timeoutMs: this.#options.partnerCenterTimeoutMs ?? 2_000,
      credentials: {
        tenantId,
        clientId,
        clientSecret,
        scope: 'https://api.partnercenter.microsoft.com/.default',
        tokenEndpoint,
      },
    });
    Object.assign(this.environment, {
      PARTNER_CENTER_BASE_URL: url,
      PARTNER_CENTER_ACCEPTANCE_URL: `${url}/mca/`,
      PARTNER_CENTER_TENANT_ID: tenantId,
      PARTNER_CENTER_CLIENT_ID: clientId,
      PARTNER_CENTER_CLIENT_SECRET: clientSecret,
      ENTRA_TOKEN_ENDPOINT: tokenEndpoint,
      WORKER_HEALTH_ADDRESS: '127.0.0.1:0',
    });
  }

  /** Ends every part, callers before the servers that they call. */
  async close(): Promise<void> {
    await this.#browser?.close();
    await this.#page?.close();
    await Promise.all(this.#gateways.map((gateway) => gateway.close()));
    await this.stopProcesses();
    await this.stopWorkers();
    this.#partnerCenter?.close();
    await this.#simulator?.close();
    await this.stopServer();
    await this.#unreachable?.connection.close();
  }

  get client(): Client {
    return this.#unreachable ?? this.server.client;
  }

  get server(): TestWorkflowEnvironment {
    return started(this.#server, "server: 'dev' or 'timeSkipping'");
  }

  get simulator(): Simulator {
    return started(this.#simulator, 'simulator: true');
  }

  /** Sets faults and switches of the simulator and reads its journal. */
  get control(): SimulatorControl {
    return new SimulatorControl(this.simulator.url);
  }

  get partnerCenter(): PartnerCenter {
    return started(this.#partnerCenter, 'simulator: true');
  }

  get gateway(): TestGateway {
    return started(this.#gateways[0], 'gateway: true');
  }

  get gatewayProcess(): StartedProcess {
    return started(this.#gatewayProcess, "gateway: 'process'");
  }

  get page(): TestPage {
    return started(this.#page, 'page: true');
  }

  get browser(): Browser {
    return started(this.#browser, 'browser: true');
  }

  /** An operator's command line, configured for this stack. */
  get cli(): TestCli {
    return new TestCli(this.environment);
  }

  newTaskQueue(): string {
    return `test-${randomUUID()}`;
  }

  /**
   * Starts a worker for onboardings that runs until `stopWorkers`.
   * Returns a function that drains it and may be called twice.
   */
  async startWorker({ settings = {}, ...options }: WorkerSettings = {}): Promise<() => Promise<void>> {
    const worker = await Worker.create({
      connection: this.server.nativeConnection,
      taskQueue: this.taskQueue,
      workflowBundle: { codePath: process.env['TEST_WORKFLOW_BUNDLE']! },
      activities: createActivities({
        partnerCenter: this.partnerCenter,
        agreementSettings: { defaultTemplateId: TEMPLATE_ID, allowPrimaryContactMethod: false, ...settings },
      }),
      ...options,
    });
    const ended = worker.run();
    const drain = async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    };
    this.#drains.push(drain);
    return drain;
  }

  /**
   * Starts what a worker process runs with that environment: onboardings, and by default deliveries.
   * Returns a function that drains it and may be called twice.
   */
  async startConfiguredWorker(
    environment: Record<string, string> = {},
    { delivers = true, ...options }: Pick<WorkerOptions, 'identity'> & { delivers?: boolean } = {},
  ): Promise<() => Promise<void>> {
    const config = readWorkerConfig({ ...this.environment, ...environment });
    const partnerCenter = createPartnerCenter(config.partnerCenter);
    const common = { connection: this.server.nativeConnection, ...options };
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
    const drain = async () => {
      workers.shutdown();
      await ended;
      partnerCenter.close();
    };
    this.#drains.push(drain);
    return drain;
  }

  async stopWorkers(): Promise<void> {
    for (const drain of this.#drains.splice(0)) await drain();
  }

  /** One more gateway; `close` closes it too. */
  async startGateway({ client = this.client, taskQueue = this.taskQueue, ...options }: GatewayOptions = {}) {
    const microsoftPageUrl = this.environment['PARTNER_CENTER_ACCEPTANCE_URL'];
    const gateway = await TestGateway.start(client, taskQueue, {
      ...(microsoftPageUrl && { microsoftPageUrl }),
      ...options,
    });
    this.#gateways.push(gateway);
    return gateway;
  }

  /** A built worker that polls, as a process of its own. Default: the current build. */
  startWorkerProcess(environment: Environment = {}, build?: string): Promise<StartedProcess> {
    return BuiltProcess.startWorker({ ...this.environment, ...environment }, build);
  }

  /** A built gateway that listens, as a process of its own. */
  startGatewayProcess(environment: Environment = {}): Promise<StartedProcess> {
    return BuiltProcess.startGateway({ ...this.gatewayEnvironment, ...environment });
  }

  /** The environment of a gateway process: a free port, `keys.crm` as its only API key, links signed by a fresh key. */
  get gatewayEnvironment(): Environment {
    return {
      ...this.environment,
      GATEWAY_PORT: '0',
      GATEWAY_API_KEYS: toApiKeyEntry('crm', keys.crm),
      ACCEPTANCE_LINK_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    };
  }

  /** Ends every worker and gateway that is a process of its own. */
  stopProcesses(): Promise<void> {
    return BuiltProcess.killAll();
  }

  startOnboarding(request: OnboardingRequest, taskQueue = this.taskQueue): Promise<Handle> {
    return this.server.client.workflow.start<typeof agreementOnboarding>(
      'agreementOnboarding',
      buildStartOptions(taskQueue, request, 1),
    );
  }

  /** Starts an onboarding and waits until its customer can accept. */
  async startInvited(request: OnboardingRequest = attestedRequest(), taskQueue = this.taskQueue): Promise<Handle> {
    const handle = await this.startOnboarding(request, taskQueue);
    await this.untilStatus(handle, 'awaitingAcceptance');
    return handle;
  }

  /** Starts an onboarding whose signatory has a link to `page`. */
  async startWithLink(request: AttestedRequest): Promise<Invitation> {
    const handle = await this.startOnboarding(request);
    return { handle, request, ...this.page.getLink(request, handle.firstExecutionRunId) };
  }

  /** Starts an onboarding, waits until its customer can accept, and returns the signatory's link too. */
  async startInvitedWithLink(overrides: Parameters<typeof attestedRequest>[0] = {}): Promise<Invitation> {
    const invitation = await this.startWithLink(attestedRequest(overrides));
    await this.untilStatus(invitation.handle, 'awaitingAcceptance');
    return invitation;
  }

  /**
   * Waits until the view is as expected, and returns it.
   * Waits in real time; the clock of a time-skipping server does not move.
   */
  async until(handle: Handle, wanted: (view: OnboardingView) => boolean): Promise<OnboardingView> {
    let view: OnboardingView | undefined;
    return eventually(
      async () => {
        view = await handle.query(onboardingStatusQuery);
        return wanted(view) && view;
      },
      { what: () => `another view than ${JSON.stringify(view, undefined, 2)}` },
    );
  }

  untilStatus(handle: Handle, status: OnboardingView['status']): Promise<OnboardingView> {
    return this.until(handle, (view) => view.status === status);
  }

  /** Sets the simulator's clock to the server's, which may be days ahead by now. */
  async synchronizeClocks(): Promise<void> {
    const now = new Date(await this.server.currentTimeMs()).toISOString();
    await this.control.send('PUT', '/simulator/clock', { now });
  }

  /** Advances the server's clock; every timer that becomes due fires. */
  async advanceClock(ms: number): Promise<void> {
    await this.server.sleep(ms);
  }
}

function connectToUnusedPort(): Client {
  return new Client({ connection: Connection.lazy({ address: '127.0.0.1:9', plugins: [closeSafePlugin] }) });
}

function started<T>(part: T | undefined, option: string): T {
  if (part === undefined) throw new Error(`This test's stack has no such part: start it with { ${option} }.`);
  return part;
}
