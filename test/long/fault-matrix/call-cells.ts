/** The cells of the matrix in which Partner Center itself gives the answer. */
import { Stage } from '../../support/stage';
import { answers } from './answers';
import { type Call, type Cell, cellsOf, expectCalls, Matrix } from './matrix';
import { positions } from './positions';

/** Every answer to one of the calls, at its first, a middle and its last attempt. */
export function testEveryAnswerTo(call: Call): void {
  let stage: Stage;
  let matrix: Matrix;
  let taskQueue: string;

  beforeAll(async () => {
    stage = await Stage.timeSkipping({ timeoutMs: 1_000 });
    matrix = new Matrix(stage, faultsOf);
    taskQueue = stage.newTaskQueue();
    await stage.startWorker(taskQueue);
  });
  afterAll(() => stage?.close());
  beforeEach(() => stage.control.reset());

  test.each(cellsOf(call, answers, positions))('%s', async (_name, cell) => {
    await matrix.play(cell, taskQueue);
    await expectCalls(stage, cell, callsOfAnswer(cell));
  });
}

function faultsOf({ call, position, answer }: Cell): Record<string, unknown>[] {
  const on = call === 'attestation' ? 'createAttestation' : 'createAgreement';
  return [...position.before, answer.fault].map((fault) => ({ on, ...fault }));
}

/** A 401 is asked again with a new token in the same attempt. */
function callsOfAnswer({ answer }: Cell): number {
  return answer.fault['status'] === 401 ? 2 : 1;
}
