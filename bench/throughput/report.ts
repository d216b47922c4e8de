import { formatTestBed, type TestBed } from '../program';
import type { Measurements } from './measure';
import type { ThroughputOptions } from './options';
import type { WaitingReport } from './waiting';

export interface ThroughputReport extends TestBed {
  readonly options: ThroughputOptions;
  /** The first one is the baseline. */
  readonly subjects: readonly SubjectReport[];
  readonly waiting?: WaitingReport;
}

/** Times in milliseconds. */
export interface SubjectReport {
  readonly name: string;
  readonly startP50: number;
  readonly startP99: number;
  readonly agreementP50: number;
  readonly agreementP99: number;
  readonly agreementAtOnceP50: number;
  readonly agreementAtOnceP99: number;
  readonly flowsPerSecond: number;
}

export function buildSubjectReport(name: string, measured: Measurements): SubjectReport {
  const { start, agreement, agreementAtOnce, flowsPerSecond } = measured;
  return {
    name,
    startP50: start.percentile(50),
    startP99: start.percentile(99),
    agreementP50: agreement.percentile(50),
    agreementP99: agreement.percentile(99),
    agreementAtOnceP50: agreementAtOnce.percentile(50),
    agreementAtOnceP99: agreementAtOnce.percentile(99),
    flowsPerSecond,
  };
}

type Figure = Exclude<keyof SubjectReport, 'name'>;

/** The report as Markdown tables, with the ratio to the first subject in brackets. */
export function formatReport(report: ThroughputReport): string {
  const { options, subjects, waiting } = report;
  const { flows, rounds, atOnce } = options;
  const rows: [string, Figure][] = [
    ['start p50, ms', 'startP50'],
    ['start p99, ms', 'startP99'],
    ['acceptance → agreement p50, ms', 'agreementP50'],
    ['acceptance → agreement p99, ms', 'agreementP99'],
    [`… p50 with ${atOnce} at once, ms`, 'agreementAtOnceP50'],
    [`… p99 with ${atOnce} at once, ms`, 'agreementAtOnceP99'],
    [`whole flows per second, ${atOnce} at once`, 'flowsPerSecond'],
  ];
  const [baseline] = subjects;
  const formatCell = (subject: SubjectReport, figure: Figure): string => {
    const value = subject[figure].toFixed(1);
    return subject === baseline ? value : `${value} (× ${(subject[figure] / baseline![figure]).toFixed(2)})`;
  };
  return [
    `${rounds} rounds; in each, every subject runs ${flows} flows one by one and ${flows} flows at once`,
    ...formatTestBed(report),
    '',
    `| | ${subjects.map(({ name }) => name).join(' | ')} |`,
    `|---|${subjects.map(() => '---|').join('')}`,
    ...rows.map(([what, figure]) => `| ${what} | ${subjects.map((each) => formatCell(each, figure)).join(' | ')} |`),
    ...(waiting ? ['', ...formatWaiting(waiting)] : []),
  ].join('\n');
}

function formatWaiting({ waiting, before, during }: WaitingReport): string[] {
  const formatRow = (what: string, figure: keyof typeof before) =>
    `| ${what} | ${before[figure].toFixed(1)} | ${during[figure].toFixed(1)} (× ${(during[figure] / before[figure]).toFixed(2)}) |`;
  return [
    `| | before | while ${waiting} onboardings wait |`,
    '|---|---|---|',
    formatRow('start p50, ms', 'startP50'),
    formatRow('start p99, ms', 'startP99'),
    formatRow('worker memory (RSS), MB', 'workerMegabytes'),
  ];
}
