/** How many onboardings need somebody, as gauges for the gateway's metrics. */
import { attentionReasons } from '../onboarding/failure-types';
import type { OnboardingClient } from '../client/onboarding-client';

const COUNT_DEADLINE_MS = 3_000; // scrapers wait for ten seconds
const REMEMBERED_MS = 30_000; // whoever asks, and however often, Temporal is asked no more than that

type Count = (onboardings: OnboardingClient) => Promise<string[] | undefined>;

/** The gauges as text; what Temporal does not answer in time is left out, which is an alert of its own. */
export function troubleMetrics(onboardings: OnboardingClient): () => Promise<string> {
  const gauges = [needingAttention, overdue, stuck];
  return remembered(async () => {
    const texts = await Promise.all(
      gauges.map((count) =>
        onboardings.withDeadline(COUNT_DEADLINE_MS, () => count(onboardings)).catch(() => undefined),
      ),
    );
    return texts
      .flatMap((lines) => lines ?? [])
      .map((line) => `${line}\n`)
      .join('');
  });
}

const needingAttention: Count = async ({ health }) => {
  const counts = await Promise.all(attentionReasons.map((reason) => health.countNeedingAttention(reason)));
  return gauge(
    'onboardings_parked',
    'Onboardings that wait for an operator, by reason.',
    attentionReasons.map((reason, index) => [`{reason="${reason}"}`, counts[index]!]),
  );
};

const overdue: Count = async ({ health }) =>
  gauge('onboardings_overdue', 'Onboardings that are open an hour after the end of their link, and wait for nobody.', [
    ['', await health.countOverdue()],
  ]);

const stuck: Count = async ({ health }) => {
  const count = await health.countStuck();
  return count === undefined
    ? undefined
    : gauge('onboardings_stuck', 'Runs whose workflow tasks fail again and again.', [['', count]]);
};

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
