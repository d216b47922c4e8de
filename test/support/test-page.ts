import type { AddressInfo } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import fastify, { type FastifyInstance } from 'fastify';
import { MIN_PARAM_LENGTH, registerAcceptancePage } from '../../src/acceptance-page';
import { OnboardingClient } from '../../src/client/onboarding-client';
import { createAcceptanceLinks } from '../../src/onboarding/acceptance-link';
import { getOnboardingId } from '../../src/onboarding/ids';
import type { AttestedRequest } from '../../src/onboarding/request';
import { closeSafePlugin } from '../../src/temporal/connection';
import { eventually } from './eventually';
import { type LogEntry, recordLog } from './recorded-log';
import { SeverableLine } from './severable-line';

// Public addresses play no part: tests reach the page by its socket, with the path that the link has.
const links = createAcceptanceLinks([{ id: 'test', secret: Buffer.alloc(32, 7) }], 'http://127.0.0.1:1');

/** The signatory's page on a port of its own, before a real Temporal server. */
export class TestPage {
  private readonly recorded = recordLog();
  readonly log: readonly LogEntry[] = this.recorded.entries;
  private readonly app: FastifyInstance;
  private readonly inFlight = new Set<Promise<unknown>>();

  private constructor(
    /** The page's own way to Temporal; workers have another. */
    private readonly line: SeverableLine,
    private readonly connection: Connection,
  ) {
    this.app = fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: MIN_PARAM_LENGTH } });
  }

  static async start(temporalAddress: string, microsoftPageUrl: string): Promise<TestPage> {
    const line = new SeverableLine(temporalAddress);
    await line.restore();
    const connection = await Connection.connect({ address: line.address, plugins: [closeSafePlugin] });
    const page = new TestPage(line, connection);
    await page.listen(microsoftPageUrl);
    return page;
  }

  private async listen(microsoftPageUrl: string): Promise<void> {
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
      microsoftPageUrl,
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
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.app.server.address() as AddressInfo).port}`;
  }

  linkOf(request: AttestedRequest, runId: string): { token: string; url: string } {
    const token = links.getToken({ onboardingId: getOnboardingId(request), runId });
    return { token, url: `${this.origin}/accept/${token}` };
  }

  /** Waits until the page of a link is in that state. */
  async untilState(url: string, wanted: string): Promise<void> {
    let state: string | undefined;
    await eventually(
      async () => {
        ({ state } = (await (await fetch(`${url}/status`)).json()) as { state: string });
        return state === wanted;
      },
      { what: () => `the page to be ${wanted}, not ${state}` },
    );
  }

  /** Until `temporalComesBack` the page cannot reach Temporal. */
  temporalGoesAway(): Promise<void> {
    return this.line.cut();
  }

  temporalComesBack(): Promise<void> {
    return this.line.restore();
  }
}
