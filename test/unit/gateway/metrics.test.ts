import { RequestMetrics } from '../../../src/gateway/metrics';

test('requests are counted by route and status in buckets that add up', async () => {
  const metrics = new RequestMetrics();
  const view = { method: 'GET', route: '/v1/onboardings/:id', status: 200 };
  metrics.record({ ...view, seconds: 0.02 });
  metrics.record({ ...view, seconds: 3 });
  metrics.record({ ...view, seconds: 60 });
  metrics.record({ ...view, status: 404, seconds: 0.001 });

  const lines = (await metrics.render()).split('\n');
  const labels = 'method="GET",route="/v1/onboardings/:id",status="200"';
  expect(lines).toContain('# TYPE gateway_request_duration_seconds histogram');
  for (const [bucket, count] of [
    ['0.01', 0],
    ['0.025', 1],
    ['2', 1],
    ['5', 2],
    ['10', 2],
    ['+Inf', 3],
  ] as const) {
    expect(lines).toContain(`gateway_request_duration_seconds_bucket{le="${bucket}",${labels}} ${count}`);
  }
  expect(lines).toContain(`gateway_request_duration_seconds_count{${labels}} 3`);
  expect(lines).toContain(`gateway_request_duration_seconds_sum{${labels}} 63.02`);
  expect(lines.filter((line) => line.startsWith('gateway_request_duration_seconds_count'))).toHaveLength(2);
});
