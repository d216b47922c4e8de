import { type ConsistencyReport, countEach, LONGEST_DRAIN_SECONDS } from '../../tools/test-bed/consistency-check';
import type { DealRecord } from '../../tools/test-bed/deals';
import type { DealOutcome } from '../../tools/test-bed/outcomes';
import type { Call } from '../../tools/test-bed/simulator-client';
import { formatTestBed, type TestBed } from '../program';
import type { ChaosOptions } from './options';

export interface ChaosReport extends TestBed {
  readonly options: ChaosOptions;
  readonly check: ConsistencyReport;
  readonly outcomes: Record<string, number>;
  /** Deal id → why it needs attention. */
  readonly needAttention: Record<string, string>;
  /** Reports of an acceptance that were refused, by reason. */
  readonly refusedReports: Record<string, number>;
  /** Calls by the CRM and by customers that were repeated because there was no usable answer. */
  readonly repeatedCalls: number;
  readonly calls: number;
  /** Calls affected by an injected fault, by kind; delays are not counted. */
  readonly faults: Record<string, number>;
  readonly kills: Record<string, number>;
  readonly unexpectedExits: Record<string, number>;
  /** Deal id → last error that the CRM saw, for deals that did not settle. */
  readonly lastErrors: Record<string, string>;
}

export interface ChaosResults {
  readonly options: ChaosOptions;
  readonly testBed: TestBed;
  readonly check: ConsistencyReport;
  readonly records: readonly DealRecord[];
  readonly outcomes: ReadonlyMap<string, DealOutcome>;
  readonly calls: readonly Call[];
  readonly exitCounts: Pick<ChaosReport, 'kills' | 'unexpectedExits'>;
}

export function buildReport(results: ChaosResults): ChaosReport {
  const { options, testBed, check, records, outcomes, calls, exitCounts } = results;
  const waiting = [...outcomes].filter(([, { status }]) => status === 'needsAttention');
  const notSettled = records.filter(({ deal }) => check.notSettled.includes(deal.dealId));
  return {
    options,
    ...testBed,
    check,
    outcomes: countEach(
      [...outcomes.values()].map(({ status, createdBy }) => (createdBy ? `${status} (${createdBy})` : status)),
    ),
    needAttention: Object.fromEntries(waiting.map(([dealId, { reason }]) => [dealId, reason ?? 'no reason'])),
    refusedReports: countEach(records.flatMap(({ refused }) => refused ?? [])),
    repeatedCalls: records.reduce((sum, { repeats }) => sum + repeats, 0),
    calls: calls.length,
    faults: countEach(calls.flatMap(getFault)),
    ...exitCounts,
    lastErrors: Object.fromEntries(notSettled.map(({ deal, lastError = 'none' }) => [deal.dealId, lastError])),
  };
}

function getFault({ effect, status }: Call): string[] {
  if (effect !== null && effect !== 'answer') return [effect];
  return status === 429 || status === 503 ? [String(status)] : [];
}

const MAX_DEALS_LISTED = 10;

/** The report as a Markdown table, followed by the deals that fail the check. */
export function formatReport(report: ChaosReport): string {
  const { options, check } = report;
  const { acknowledged } = check;
  const drained = check.secondsToDrain === undefined ? 'not drained' : check.secondsToDrain.toFixed(1);
  const rows: [string, string | number][] = [
    ['onboardings', options.onboardings],
    ['acceptances acknowledged', `${acknowledged.recorded + acknowledged.stored} (${formatCounts(acknowledged)})`],
    ['agreements at Partner Center', check.agreements],
    ['lost', check.lost.length],
    ['created twice', check.createdTwice.length],
    ['wrong outcomes', check.wrongOutcomes.length],
    ['repeated with a new request id', check.newRequestIds.length],
    ['600061 for our own agreement', formatCounts(check.ownDuplicates)],
    ['outcomes', formatCounts(report.outcomes)],
    ['need attention', formatCounts(countEach(Object.values(report.needAttention)))],
    ['seconds to drain', `${drained} (at most ${LONGEST_DRAIN_SECONDS})`],
    ['killed with -9', formatCounts(report.kills)],
    ['unexpected exits, restarted', formatCounts(report.unexpectedExits)],
    ['calls to Partner Center and Entra', report.calls],
    ['calls with an injected fault', formatCounts(report.faults)],
    ['refused reports of an acceptance', formatCounts(report.refusedReports)],
    ['calls repeated by the CRM and customers', report.repeatedCalls],
  ];
  const notSettled = check.notSettled.map((dealId) => `${dealId} (last error: ${report.lastErrors[dealId] ?? 'none'})`);
  return [
    `Chaos: seed ${options.seed}, kill ${options.kill}, via ${options.via}, ${options.seconds} s of faults and kills`,
    ...formatTestBed(report),
    '',
    '| what | result |',
    '|---|---|',
    ...rows.map(([what, result]) => `| ${what} | ${result} |`),
    '',
    ...listDeals('Lost', check.lost),
    ...listDeals('Created twice', check.createdTwice),
    ...listDeals('Wrong outcomes', check.wrongOutcomes),
    ...listDeals('Repeated with a new request id', check.newRequestIds),
    ...listDeals('Not settled', notSettled),
    formatConclusion(check),
  ].join('\n');
}

function formatConclusion(check: ConsistencyReport): string {
  if (check.passed) return 'PASSED';
  const { lost, createdTwice, wrongOutcomes, newRequestIds, secondsToDrain } = check;
  const violations = lost.length + createdTwice.length + wrongOutcomes.length + newRequestIds.length;
  if (violations > 0) return 'FAILED: the deals above were lost, created twice, or have a wrong outcome or request id.';
  return secondsToDrain === undefined
    ? 'FAILED: some deals did not settle in time.'
    : 'FAILED: draining took too long. Every deal is consistent.';
}

function formatCounts(counts: Record<string, number>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return parts.length === 0 ? '0' : parts.join(', ');
}

function listDeals(title: string, deals: readonly string[]): string[] {
  if (deals.length === 0) return [];
  const more = deals.length > MAX_DEALS_LISTED ? [`  … and ${deals.length - MAX_DEALS_LISTED} more`] : [];
  return [`${title}:`, ...deals.slice(0, MAX_DEALS_LISTED).map((deal) => `  ${deal}`), ...more, ''];
}
