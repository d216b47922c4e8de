import { createInterface } from 'node:readline/promises';

/** Asks on stderr, so that stdout holds nothing but the report; only a clear yes is one. */
export async function confirmAtTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
