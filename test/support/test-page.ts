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
import { TcpProxy } from './tcp-proxy';

// The public address is not used: tests connect to the page's port, with the path of the link.
const links = createAcceptanceLinks([{ id: 'test', secret: Buffer.alloc(32, 7) }], 'http://127.0.0.1:1');

/** The signatory's page on a port of its own, in front of a real Temporal server. */
export class TestPage {
  private readonly recorded = recordLog();
  readonly log: readonly LogEntry[] = this.recorded.entries;
  private readonly app: FastifyInstance;
  private readonly inFlight = new Set<Promise<unknown>>();

  private constructor(
    /** The page's own connection to Temporal; workers use another. */
    private readonly proxy: TcpProxy,
    private readonly connection: Connection,
  ) {
    this.app = fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: MIN_PARAM_LENGTH } });
  }

  static async start(temporalAddress: string, microsoftPageUrl: string): Promise<TestPage> {
    const proxy = new TcpProxy(temporalAddress);
    await proxy.open();
    const connection = await Connection.connect({ address: proxy.address, plugins: [closeSafePlugin] });
    const page = new TestPage(proxy, connection);
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
    // A call to Temporal continues after its browser has left, and a retry on a closed channel would end the process.
    await Promise.all(this.inFlight);
    await this.connection.close();
    await this.proxy.cut();
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.app.server.address() as AddressInfo).port}`;
  }

  getLink(request: AttestedRequest, runId: string): { token: string; url: string } {
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

  /** Until `reconnectTemporal` the page cannot reach Temporal. */
  disconnectTemporal(): Promise<void> {
    return this.proxy.cut();
  }

  reconnectTemporal(): Promise<void> {
    return this.proxy.open();
  }
}
