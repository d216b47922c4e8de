/** Counts what the gateway answers, and how long it takes, in Prometheus's text format. */

const BUCKETS_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];

export interface Answered {
  method: string;
  /** The route's pattern: one series a route, and no id or token in any. */
  route: string;
  status: number;
  seconds: number;
}

interface Series {
  labels: string;
  count: number;
  sumSeconds: number;
  /** How many took at most so long, by bucket. */
  within: number[];
}

export class RequestMetrics {
  private readonly series = new Map<string, Series>();

  record({ method, route, status, seconds }: Answered): void {
    const labels = `method="${method}",route="${route}",status="${status}"`;
    const series = this.series.get(labels) ?? { labels, count: 0, sumSeconds: 0, within: BUCKETS_SECONDS.map(() => 0) };
    this.series.set(labels, series);
    series.count += 1;
    series.sumSeconds += seconds;
    BUCKETS_SECONDS.forEach((bucket, index) => {
      if (seconds <= bucket) series.within[index]! += 1;
    });
  }

  /** `version=0.0.4` of the format, which every scraper reads. */
  render(): string {
    return [
      '# HELP gateway_request_duration_seconds From the request’s head to the end of its answer.',
      '# TYPE gateway_request_duration_seconds histogram',
      ...[...this.series.values()].flatMap(linesOf),
      '# HELP process_resident_memory_bytes Memory of the gateway’s process.',
      '# TYPE process_resident_memory_bytes gauge',
      `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
      '',
    ].join('\n');
  }
}

function linesOf({ labels, count, sumSeconds, within }: Series): string[] {
  const name = 'gateway_request_duration_seconds';
  return [
    ...BUCKETS_SECONDS.map((bucket, index) => `${name}_bucket{${labels},le="${bucket}"} ${within[index]}`),
    `${name}_bucket{${labels},le="+Inf"} ${count}`,
    `${name}_sum{${labels}} ${sumSeconds}`,
    `${name}_count{${labels}} ${count}`,
  ];
}
