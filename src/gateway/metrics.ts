/** The gateway's metrics: its requests, and the onboardings that need attention. No label holds an id or a name. */
import type { FastifyInstance } from 'fastify';
import { Gauge, Histogram, Registry } from 'prom-client';
import type { OnboardingClient } from '../client/onboarding-client';
import { attentionReasons } from '../onboarding/failures';

const COUNT_DEADLINE_MS = 3_000; // scrapers wait for ten seconds
const CACHED_MS = 30_000; // however many scrapers ask, Temporal is not asked more often

export function addMetricsRoute(app: FastifyInstance, requests: RequestMetrics, onboardings: OnboardingClient): void {
  const renderRunHealth = cached(() => renderRunHealthMetrics(onboardings));
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(requests.contentType).send((await requests.render()) + (await renderRunHealth())),
  );
}

export class RequestMetrics {
  private readonly registry = new Registry();

  private readonly durations = new Histogram({
    name: 'gateway_request_duration_seconds',
    help: 'Time from the headers of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
    registers: [this.registry],
  });

  constructor() {
    const memory = new Gauge({
      name: 'process_resident_memory_bytes',
      help: 'Memory of the gateway process.',
      registers: [],
      collect() {
        this.set(process.memoryUsage.rss());
      },
    });
    this.registry.registerMetric(memory);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** `route` is the pattern, so that there is one series for each route and no id or token in any. */
  record({ seconds, ...labels }: { method: string; route: string; status: number; seconds: number }): void {
    this.durations.observe(labels, seconds);
  }

  render(): Promise<string> {
    return this.registry.metrics();
  }
}

/** The run health gauges as text; a count that Temporal does not answer in time is left out, and a missing gauge raises an alert. */
async function renderRunHealthMetrics(onboardings: OnboardingClient): Promise<string> {
  const { health } = onboardings;
  const ask = <T>(count: () => Promise<T>): Promise<T | undefined> =>
    onboardings.withDeadline(COUNT_DEADLINE_MS, count).catch(() => undefined);
  const [needingAttention, overdue, stuck] = await Promise.all([
    ask(() => Promise.all(attentionReasons.map((reason) => health.findNeedingAttention(reason, 0)))),
    ask(() => health.findOverdue(0)),
    ask(() => health.findStuck(0)),
  ]);

  const registry = new Registry();
  const addGauge = (name: string, help: string, value: number | undefined) => {
    if (value !== undefined) new Gauge({ name, help, registers: [registry] }).set(value);
  };
  if (needingAttention !== undefined) {
    const name = 'onboardings_parked'; // the name that dashboards and alerts use
    const help = 'Onboardings that are waiting for an operator, by reason.';
    const gauge = new Gauge({ name, help, labelNames: ['reason'], registers: [registry] });
    attentionReasons.forEach((reason, index) => gauge.set({ reason }, needingAttention[index]!.count));
  }
  addGauge(
    'onboardings_overdue',
    'Open onboardings whose link expired over an hour ago, except those that need attention or are creating the agreement.',
    overdue?.count,
  );
  addGauge('onboardings_stuck', 'Runs whose workflow tasks fail repeatedly.', stuck?.count);
  return registry.metrics();
}

function cached(render: () => Promise<string>): () => Promise<string> {
  let last: { text: Promise<string>; at: number } | undefined;
  return () => {
    if (last === undefined || performance.now() - last.at >= CACHED_MS)
      last = { text: render(), at: performance.now() };
    return last.text;
  };
}
