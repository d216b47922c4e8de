/** The worker of the bare workflow, written like the SDK's own examples. */
import { NativeConnection, Worker } from '@temporalio/worker';
import axios from 'axios';
import { createBareActivities } from './activities';
import { BARE_TASK_QUEUE } from './workflow';

async function main(environment: NodeJS.ProcessEnv): Promise<void> {
  const connection = await NativeConnection.connect({ address: environment['TEMPORAL_ADDRESS']! });
  const worker = await Worker.create({
    connection,
    taskQueue: BARE_TASK_QUEUE,
    workflowsPath: require.resolve('./workflow'),
    activities: createBareActivities(environment['PARTNER_CENTER_BASE_URL']!, await requestToken(environment)),
    activityTaskPollerBehavior: { type: 'autoscaling' },
    workflowTaskPollerBehavior: { type: 'autoscaling' },
  });
  console.log('Worker started');
  await worker.run();
}

async function requestToken(environment: NodeJS.ProcessEnv): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: environment['PARTNER_CENTER_CLIENT_ID']!,
    client_secret: environment['PARTNER_CENTER_CLIENT_SECRET']!,
    scope: 'https://api.partnercenter.microsoft.com/.default',
  });
  const { data } = await axios.post<{ access_token: string }>(environment['ENTRA_TOKEN_ENDPOINT']!, form);
  return data.access_token;
}

main(process.env).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
