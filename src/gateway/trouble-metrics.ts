/** How many onboardings need somebody, as gauges for the gateway's metrics. */
import type { Client } from '@temporalio/client';
import { attentionReasons } from '../onboarding/failure-types';
import { countRuns, marksStuckRuns, overdueQuery, needsAttentionQuery, stuckQuery } from '../client/run-health';

const COUNT_DEADLINE_MS = 3_000; // scrapers wait for ten seconds
const REMEMBERED_MS = 30_000; // whoever asks, and however often, Temporal is asked no more than that

type Count = (client: Client) => Promise<string[] | undefined>;

/** The gauges as text; what Temporal does not tell now is left out, which is an alert of its own. */
export function troubleMetrics(client: Client, taskQueue: string): () => Promise<string> {
  const gauges = [parked, overdue, stuckOn(taskQueue)];
  return remembered(async () => {
    const texts = await Promise.all(
      gauges.map((count) =>
        client.withDeadline(Date.now() + COUNT_DEADLINE_MS, () => count(client)).catch(() => undefined),
      ),
    );
    return texts
      .flatMap((lines) => lines ?? [])
      .map((line) => `${line}\n`)
      .join('');
  });
}

const parked: Count = async (client) => {
  const counts = await Promise.all(attentionReasons.map((reason) => countRuns(client, needsAttentionQuery(reason))));
  return gauge(
    'onboardings_parked',
    'Onboardings that wait for a human, by reason.',
    attentionReasons.map((reason, index) => [`{reason="${reason}"}`, counts[index]!]),
  );
};

const overdue: Count = async (client) =>
  gauge('onboardings_overdue', 'Onboardings that are open an hour after the end of their link, and wait for nobody.', [
    ['', await countRuns(client, overdueQuery(Date.now()))],
  ]);

function stuckOn(taskQueue: string): Count {
  return async (client) => {
    if (!(await marksStuckRuns(client))) return undefined;
    const stuck = await countRuns(client, stuckQuery(taskQueue));
    return gauge('onboardings_stuck', 'Runs whose workflow tasks fail again and again.', [['', stuck]]);
  };
}

function gauge(name: string, help: string, samples: readonly (readonly [labels: string, value: number])[]): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...samples.map(([labels, value]) => `${name}${labels} ${value}`),
  ];
}

function remembered(ask: () => Promise<string>): () => Promise<string> {
  let asked: { answer: Promise<string>; at: number } | undefined;
  return () => {
    if (asked === undefined || performance.now() - asked.at >= REMEMBERED_MS) {
      asked = { answer: ask(), at: performance.now() };
    }
    return asked.answer;
  };
}
