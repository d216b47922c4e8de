import { versionsText } from '../machine';
import type { Call } from '../stack/simulator';
import type { Entry } from './ledger';
import type { ChaosOptions } from './options';
import type { Settlement } from './settlements';
import { LONGEST_DRAIN_SECONDS, tally, type Verdict } from './verdict';

export interface ChaosReport {
  readonly options: ChaosOptions;
  readonly machine: string;
  readonly versions: Record<string, string>;
  readonly verdict: Verdict;
  readonly outcomes: Record<string, number>;
  /** Deals in front of an operator, with the reason. */
  readonly attention: Record<string, string>;
  /** Reports of an acceptance that were answered with a no, by its reason. */
  readonly refusedReports: Record<string, number>;
  /** Calls of the CRM and of customers that were made again because nothing, or no answer, came back. */
  readonly repeatedCalls: number;
  readonly calls: number;
  readonly faults: Record<string, number>;
  readonly kills: Record<string, number>;
  readonly endedByItself: Record<string, number>;
  /** The last thing that went wrong on this side for deals that never came to rest. */
  readonly troubles: Record<string, string>;
}

export function outcomesOf(settlements: Iterable<Settlement>): Record<string, number> {
  return tally([...settlements].map(({ status, createdBy }) => (createdBy ? `${status} (${createdBy})` : status)));
}

export function attentionOf(settlements: ReadonlyMap<string, Settlement>): Record<string, string> {
  const parked = [...settlements].filter(([, { status }]) => status === 'needsAttention');
  return Object.fromEntries(parked.map(([dealId, { reason }]) => [dealId, reason ?? 'no reason']));
}

/** What went wrong with calls on purpose, by kind; a call that was only delayed does not count. */
export function faultsIn(calls: readonly Call[]): Record<string, number> {
  return tally(
    calls.flatMap(({ effect, status }) => {
      if (effect !== null && effect !== 'answer') return effect;
      return status === 429 || status === 503 ? String(status) : [];
    }),
  );
}

export function refusedReportsOf(ledger: readonly Entry[]): Record<string, number> {
  return tally(ledger.flatMap(({ refused }) => refused ?? []));
}

export function troublesOf(ledger: readonly Entry[], notSettled: readonly string[]): Record<string, string> {
  const troubled = ledger.filter(({ deal }) => notSettled.includes(deal.dealId));
  return Object.fromEntries(troubled.map(({ deal, lastTrouble = 'none on this side' }) => [deal.dealId, lastTrouble]));
}

const MOST_DEALS_NAMED = 10;

/** The report as a Markdown table, with the deals at fault below it. */
export function reportText(report: ChaosReport): string {
  const { options, verdict } = report;
  const { acknowledged } = verdict;
  const drained = verdict.secondsToDrain === undefined ? 'not drained' : verdict.secondsToDrain.toFixed(1);
  const rows: [string, string][] = [
    ['onboardings', String(options.onboardings)],
    ['acceptances acknowledged', `${acknowledged.recorded + acknowledged.stored} (${counts(acknowledged)})`],
    ['agreements at Partner Center', String(verdict.agreements)],
    ['lost', String(verdict.lost.length)],
    ['created twice', String(verdict.createdTwice.length)],
    ['wrong claims', String(verdict.wrongClaims.length)],
    ['repeated under another request id', String(verdict.renamedRepeats.length)],
    ['600061 absorbed', counts(verdict.absorbed600061)],
    ['outcomes', counts(report.outcomes)],
    ['in front of an operator', counts(tally(Object.values(report.attention)))],
    ['seconds to drain', `${drained} (at most ${LONGEST_DRAIN_SECONDS})`],
    ['killed with -9', counts(report.kills)],
    ['ended by themselves, started again', counts(report.endedByItself)],
    ['calls to Partner Center and Entra', String(report.calls)],
    ['of them made to fail', counts(report.faults)],
    ['reports of an acceptance answered with a no', counts(report.refusedReports)],
    ["the CRM's and customers' own repeats", String(report.repeatedCalls)],
  ];
  return [
    `Chaos: seed ${options.seed}, kill ${options.kill}, door ${options.door}, ${options.seconds} s of faults and kills`,
    report.machine,
    versionsText(report.versions),
    '',
    '| what | result |',
    '|---|---|',
    ...rows.map(([what, result]) => `| ${what} | ${result} |`),
    '',
    ...named('Lost', verdict.lost),
    ...named('Created twice', verdict.createdTwice),
    ...named('Wrong claims', verdict.wrongClaims),
    ...named('Repeated under another request id', verdict.renamedRepeats),
    ...named(
      'Not settled',
      verdict.notSettled.map((dealId) => `${dealId} (${report.troubles[dealId] ?? 'no trouble on this side'})`),
    ),
    conclusionOf(verdict),
  ].join('\n');
}

function conclusionOf({ kept, secondsToDrain, ...verdict }: Verdict): string {
  if (kept) return 'The promise was kept.';
  const { lost, createdTwice, wrongClaims, renamedRepeats } = verdict;
  const faults = lost.length + createdTwice.length + wrongClaims.length + renamedRepeats.length;
  if (faults > 0) return 'THE PROMISE WAS BROKEN.';
  return secondsToDrain === undefined
    ? 'NOT DRAINED: some deals had not come to rest when the wait was over.'
    : 'DRAINED TOO SLOWLY; but for that the promise was kept.';
}

function counts(numbers: Record<string, number>): string {
  const parts = Object.entries(numbers).map(([name, count]) => `${name} ${count}`);
  return parts.length === 0 ? '0' : parts.join(', ');
}

function named(what: string, deals: readonly string[]): string[] {
  if (deals.length === 0) return [];
  const more = deals.length > MOST_DEALS_NAMED ? [`  … and ${deals.length - MOST_DEALS_NAMED} more`] : [];
  return [`${what}:`, ...deals.slice(0, MOST_DEALS_NAMED).map((deal) => `  ${deal}`), ...more, ''];
}
