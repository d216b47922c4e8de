import { versionsText } from '../machine';
import type { Measurements } from './measure';
import type { ThroughputOptions } from './options';
import type { WaitingReport } from './waiting';

export interface ThroughputReport {
  readonly options: ThroughputOptions;
  readonly machine: string;
  readonly versions: Record<string, string>;
  /** The first is what the others are compared with. */
  readonly contenders: readonly ContenderReport[];
  readonly waiting?: WaitingReport;
}

/** Times in milliseconds. */
export interface ContenderReport {
  readonly name: string;
  readonly startP50: number;
  readonly startP99: number;
  readonly agreementP50: number;
  readonly agreementP99: number;
  readonly agreementAmongManyP50: number;
  readonly agreementAmongManyP99: number;
  readonly flowsPerSecond: number;
}

export function contenderReport(name: string, measured: Measurements): ContenderReport {
  const { start, agreement, agreementAmongMany, flowsPerSecond } = measured;
  return {
    name,
    startP50: start.percentile(50),
    startP99: start.percentile(99),
    agreementP50: agreement.percentile(50),
    agreementP99: agreement.percentile(99),
    agreementAmongManyP50: agreementAmongMany.percentile(50),
    agreementAmongManyP99: agreementAmongMany.percentile(99),
    flowsPerSecond,
  };
}

type Figure = Exclude<keyof ContenderReport, 'name'>;

export function reportText({ options, machine, versions, contenders, waiting }: ThroughputReport): string {
  const { flows, rounds, atOnce } = options;
  const rows: [string, Figure][] = [
    ['start p50, ms', 'startP50'],
    ['start p99, ms', 'startP99'],
    ['acceptance → agreement p50, ms', 'agreementP50'],
    ['acceptance → agreement p99, ms', 'agreementP99'],
    [`… p50 with ${atOnce} at once, ms`, 'agreementAmongManyP50'],
    [`… p99 with ${atOnce} at once, ms`, 'agreementAmongManyP99'],
    [`whole flows per second, ${atOnce} at once`, 'flowsPerSecond'],
  ];
  const [bare] = contenders;
  const cell = (contender: ContenderReport, figure: Figure): string => {
    const value = contender[figure].toFixed(1);
    return contender === bare ? value : `${value} (× ${(contender[figure] / bare![figure]).toFixed(2)})`;
  };
  return [
    `${rounds} rounds of ${flows} flows one at a time and ${flows} at once, contender by contender`,
    machine,
    versionsText(versions),
    '',
    `| | ${contenders.map(({ name }) => name).join(' | ')} |`,
    `|---|${contenders.map(() => '---|').join('')}`,
    ...rows.map(([what, figure]) => `| ${what} | ${contenders.map((each) => cell(each, figure)).join(' | ')} |`),
    ...(waiting ? ['', ...waitingText(waiting)] : []),
  ].join('\n');
}

function waitingText({ waiting, without, with: amid }: WaitingReport): string[] {
  const row = (what: string, figure: keyof typeof amid) =>
    `| ${what} | ${without[figure].toFixed(1)} | ${amid[figure].toFixed(1)} (× ${(amid[figure] / without[figure]).toFixed(2)}) |`;
  return [
    `| | before | while ${waiting} onboardings wait |`,
    '|---|---|---|',
    row('start p50, ms', 'startP50'),
    row('start p99, ms', 'startP99'),
    row('worker memory (RSS), MB', 'workerMegabytes'),
  ];
}
