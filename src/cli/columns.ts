/** Rows as columns of text, each as wide as its widest cell and two spaces apart. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const printable = rows.map((row) => row.map(withoutControlCharacters));
  const widths = printable.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, cell.length)),
    [],
  );
  return printable
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Labels with their values, the absent ones left out. */
export function labelled(pairs: readonly (readonly [label: string, value: string | undefined])[]): string {
  return alignColumns(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** Texts of others are shown here; none of them may steer the reader's terminal. */
function withoutControlCharacters(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
