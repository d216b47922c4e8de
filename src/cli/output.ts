import type { Output } from './session';

/** Rows as columns of text, each as wide as its widest cell and two spaces apart. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const printable = rows.map((row) => row.map(withoutControlCharacters));
  const getWidth = (column: number) => Math.max(...printable.map((row) => row[column]!.length));
  const widths = printable[0]?.map((_cell, column) => getWidth(column)) ?? [];
  const lines = printable.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  '));
  return lines.map((line) => line.trimEnd()).join('\n');
}

/** Labels with their values in two columns; labels without a value are left out. */
export function alignLabels(pairs: readonly (readonly [label: string, value: string | undefined])[]): string {
  return alignColumns(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** Some texts come from customers and partners: none of them may control the reader's terminal. */
function withoutControlCharacters(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

/** `2026-11-24 14:05:09 UTC`. */
export function formatUtc(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
}

export function formatUtcOrDash(at: string | undefined): string {
  return at === undefined ? '-' : formatUtc(at);
}

const BAR_WIDTH = 30;
const REDRAW_MS = 100;
const LINE_EVERY_MS = 5_000; // in a log

/** The progress of a long command: a bar that is redrawn on a terminal, otherwise a line every five seconds. */
export class Progress {
  private shownAt: number;

  constructor(
    private readonly output: Output,
    private readonly total: number,
    private readonly now: () => number = Date.now,
  ) {
    this.shownAt = now();
  }

  show(done: number): void {
    const isTerminal = this.output.isTTY === true;
    if (this.now() - this.shownAt < (isTerminal ? REDRAW_MS : LINE_EVERY_MS)) return;
    this.shownAt = this.now();
    this.output.write(isTerminal ? `\r${this.bar(done)}` : `${done} of ${this.total}\n`);
  }

  /** Draws the bar a last time and begins a new line. */
  end(done: number): void {
    if (this.output.isTTY === true) this.output.write(`\r${this.bar(done)}\n`);
  }

  private bar(done: number): string {
    const filled = Math.floor((done / this.total) * BAR_WIDTH);
    return `[${'#'.repeat(filled).padEnd(BAR_WIDTH, '.')}] ${done} of ${this.total}`;
  }
}
