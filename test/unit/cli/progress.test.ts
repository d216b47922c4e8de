import { Progress } from '../../../src/cli/progress';

let written: string;
let now: number;

beforeEach(() => {
  written = '';
  now = 0;
});

function progressOf(total: number, isTTY: boolean): Progress {
  return new Progress({ isTTY, write: (text) => (written += text) }, total, () => now);
}

test('on a terminal a bar is drawn anew in its own line, and left behind at the end', () => {
  const progress = progressOf(300, true);
  progress.at(1); // too soon
  now = 100;
  progress.at(150);
  now = 150;
  progress.at(151); // too soon again
  progress.end(300);

  const half = `${'#'.repeat(15)}${'.'.repeat(15)}`;
  expect(written).toBe(`\r[${half}] 150 of 300\r[${'#'.repeat(30)}] 300 of 300\n`);
});

test('elsewhere there is a plain line every five seconds, and none for what is over sooner', () => {
  const progress = progressOf(300, false);
  for (now = 0; now <= 12_000; now += 50) progress.at(now / 50);
  progress.end(300);

  expect(written).toBe('100 of 300\n200 of 300\n');
});
