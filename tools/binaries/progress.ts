const HEARTBEAT_MS = 20_000; // CI systems end a job that prints nothing for long
const REDRAW_MS = 1_000;

/** Where progress is shown: a terminal gets one line that redraws itself, anything else one line a step. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Runs `work` while showing `step` and the seconds it has taken; a heartbeat line every 20 s where there is no terminal. */
export async function withProgress<T>(stream: ProgressStream, step: string, work: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
  const show = stream.isTTY
    ? () => stream.write(`\r\u001B[K${step} … ${seconds()}`)
    : () => stream.write(`${step} … still running after ${seconds()}\n`);

  stream.write(stream.isTTY ? step : `${step}\n`);
  const timer = setInterval(show, stream.isTTY ? REDRAW_MS : HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (stream.isTTY) stream.write('\r\u001B[K');
  }
}
