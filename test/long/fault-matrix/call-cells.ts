/** The cells of the matrix in which Partner Center itself gives the answer. */
import { TestStack } from '../../support/test-stack';
import { answers } from './answers';
import { type Call, type Cell, listCells, expectCalls, Matrix } from './matrix';
import { positions } from './positions';

/** Every answer to one of the calls, at its first, a middle and its last attempt. */
export function testEveryAnswerTo(call: Call): void {
  let stack: TestStack;
  let matrix: Matrix;
  let taskQueue: string;

  beforeAll(async () => {
    stack = await TestStack.start({ server: 'timeSkipping', simulator: true, partnerCenterTimeoutMs: 1_000 });
    matrix = new Matrix(stack, () => stack.control.reset(), buildFaults);
    taskQueue = stack.newTaskQueue();
    await stack.startWorker({ taskQueue });
  });
  afterAll(() => stack?.close());
  beforeEach(() => matrix.reset());

  test.each(listCells(call, answers, positions))('%s', async (_name, cell) => {
    await matrix.runCell(cell, taskQueue);
    await expectCalls(stack, cell, countCalls(cell));
  });
}

function buildFaults({ call, position, answer }: Cell): Record<string, unknown>[] {
  const on = call === 'attestation' ? 'createAttestation' : 'createAgreement';
  return [...position.before, answer.fault].map((fault) => ({ on, ...fault }));
}

/** A 401 causes a second call with a new token in the same attempt. */
function countCalls({ answer }: Cell): number {
  return answer.fault['status'] === 401 ? 2 : 1;
}
