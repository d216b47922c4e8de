import { runCommand } from '../binaries/command';

/** Whether a GET of `url` is answered with 200; throws while nobody listens there. */
export async function answersOk(url: string, limit: AbortSignal): Promise<boolean> {
  const answer = await fetch(url, { signal: limit });
  await answer.body?.cancel();
  return answer.status === 200;
}

/** Whether the Temporal server that `environment` names reports itself as serving; throws while it does not. */
export async function isServing(cli: string, environment: NodeJS.ProcessEnv, limit: AbortSignal): Promise<boolean> {
  const printed = await runCommand(cli, ['operator', 'cluster', 'health'], { environment, signal: limit });
  return /^SERVING/m.test(printed);
}
