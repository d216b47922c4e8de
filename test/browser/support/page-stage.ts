import { setTimeout as pause } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import fastify, { type FastifyInstance } from 'fastify';
import { acceptanceLinks } from '../../../src/onboarding/acceptance-link';
import { OnboardingClient } from '../../../src/client/onboarding-client';
import { MIN_PARAM_LENGTH, registerAcceptancePage } from '../../../src/acceptance-page';
import type { AttestedRequest } from '../../../src/onboarding/request';
import type { OnboardingView } from '../../../src/onboarding/view';
import { onboardingId } from '../../../src/onboarding/ids';
import { closeSafePlugin } from '../../../src/temporal/close-safe-plugin';
import { type LogEntry, recordLog } from '../../support/recorded-log';
import { attestedRequest } from '../../support/requests';
import type { JournalEntry, SimulatorControl } from '../../support/simulator-control';
import { type Handle, Stage } from '../../support/stage';
import { SeverableLine } from './severable-line';

// Public addresses play no part: tests reach the page by its socket, with the path that the link has.
const links = acceptanceLinks([{ id: 'test', secret: Buffer.alloc(32, 7) }], 'http://127.0.0.1:1');

export interface Invitation {
  handle: Handle;
  request: AttestedRequest;
  token: string;
  /** The signatory's link. */
  url: string;
}

/** The page on a socket of its own, before a real Temporal server, a worker and the simulator. */
export class PageStage {
  private readonly recorded = recordLog();
  readonly log: readonly LogEntry[] = this.recorded.entries;
  readonly taskQueue: string;
  private readonly app: FastifyInstance;
  private readonly inFlight = new Set<Promise<unknown>>();

  private constructor(
    private readonly stage: Stage,
    /** The page's own way to Temporal; the worker has another. */
    private readonly line: SeverableLine,
    private readonly connection: Connection,
  ) {
    this.taskQueue = stage.newTaskQueue();
    this.app = fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: MIN_PARAM_LENGTH } });
  }

  static async open(startStage: () => Promise<Stage> = () => Stage.devServer()): Promise<PageStage> {
    const stage = await startStage();
    const line = new SeverableLine(stage.env.address);
    await line.mend();
    const opened = new PageStage(
      stage,
      line,
      await Connection.connect({ address: line.address, plugins: [closeSafePlugin] }),
    );
    await opened.listen();
    await opened.startWorker();
    return opened;
  }

  private async listen(): Promise<void> {
    const { app, inFlight } = this;
    app.addHook('onRoute', (route) => {
      const { handler } = route;
      route.handler = function (request, reply) {
        const answer = Promise.resolve(handler.call(this, request, reply));
        const settled = answer.catch(() => undefined).finally(() => inFlight.delete(settled));
        inFlight.add(settled);
        return answer;
      };
    });
    registerAcceptancePage(app, {
      onboardings: new OnboardingClient(new Client({ connection: this.connection }), 'none'),
      links,
      acceptanceUrl: `${this.simulatorUrl}/mca/`,
      frameAncestors: [],
      log: this.recorded.log,
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
  }

  async close(): Promise<void> {
    await this.app.close();
    // A browser that leaves ends no call to Temporal, and one that is repeated after its channel's end ends the process.
    await Promise.all(this.inFlight);
    await this.connection.close();
    await this.line.cut();
    await this.stage.close();
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.app.server.address() as AddressInfo).port}`;
  }

  get client(): Client {
    return this.stage.env.client;
  }

  get control(): SimulatorControl {
    return this.stage.control;
  }

  get simulatorUrl(): string {
    return this.stage.simulator.url;
  }

  /** Lets the server's clock run on. */
  after(ms: number): Promise<void> {
    return this.stage.after(ms);
  }

  until(handle: Handle, wanted: (view: OnboardingView) => boolean): Promise<OnboardingView> {
    return this.stage.until(handle, wanted);
  }

  /** Waits until the page of a link is in that state. */
  async untilState(url: string, wanted: string): Promise<void> {
    for (const deadline = Date.now() + 20_000; ;) {
      const { state } = (await (await fetch(`${url}/status`)).json()) as { state: string };
      if (state === wanted) return;
      if (Date.now() > deadline) throw new Error(`The page is ${state}, not ${wanted}.`);
      await pause(50);
    }
  }

  /** Until `startWorker` nobody works for the runs of this stage. */
  stopWorker(): Promise<void> {
    return this.stage.stopWorkers();
  }

  startWorker(): Promise<void> {
    return this.stage.startWorker(this.taskQueue);
  }

  /** Until `temporalComesBack` the page cannot reach Temporal. */
  temporalGoesAway(): Promise<void> {
    return this.line.cut();
  }

  temporalComesBack(): Promise<void> {
    return this.line.mend();
  }

  /** Starts an onboarding and waits until its signatory can be asked. */
  async invite(overrides: Parameters<typeof attestedRequest>[0] = {}): Promise<Invitation> {
    const invitation = await this.start(attestedRequest(overrides));
    await this.stage.status(invitation.handle, 'awaitingAcceptance');
    return invitation;
  }

  async start(request: AttestedRequest): Promise<Invitation> {
    const handle = await this.stage.start(this.taskQueue, request);
    return { handle, request, ...this.linkOf(request, handle.firstExecutionRunId) };
  }

  /** For this customer alone: a run of the test before may still be at work. */
  async agreementCallsFor({ customerId }: AttestedRequest): Promise<JournalEntry[]> {
    const calls = await this.control.journal('createAgreement');
    return calls.filter((call) => call.customerId === customerId);
  }

  linkOf(request: AttestedRequest, runId: string): { token: string; url: string } {
    const token = links.tokenOf({ onboardingId: onboardingId(request), runId });
    return { token, url: `${this.origin}/accept/${token}` };
  }
}
