/** Screenshots in 256 colours: less than half the size, with no visible difference. (PNG, RFC 2083.) */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE_LENGTH = 8;
const MAX_COLOURS = 256;
const RGB = 3;

type Filter = (left: number, above: number, corner: number) => number;

/** The value that each of PNG's five filters predicts for a byte. */
const filters: Filter[] = [
  () => 0,
  (left) => left,
  (_left, above) => above,
  (left, above) => (left + above) >> 1,
  (left, above, corner) => {
    const [byLeft, byAbove, byCorner] = [above - corner, left - corner, left + above - 2 * corner].map(Math.abs);
    if (byLeft! <= byAbove! && byLeft! <= byCorner!) return left;
    return byAbove! <= byCorner! ? above : corner;
  },
];

/** The same picture with a palette; `png` has eight bits for each of red, green and blue, as Chromium writes it. */
export function withPalette(png: Buffer): Buffer {
  const { width, height, filtered } = read(png);
  const pixels = unfiltered(filtered, width * RGB, height);
  const colourAt = (at: number): number => pixels.readUIntBE(at * RGB, RGB);

  const counts = new Map<number, number>();
  for (let at = 0; at < width * height; at += 1) counts.set(colourAt(at), (counts.get(colourAt(at)) ?? 0) + 1);
  const palette = [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, MAX_COLOURS)
    .map(([colour]) => colour);
  const indexes = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));

  const lines = Buffer.alloc((width + 1) * height); // each begins with its filter: none
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) lines[y * (width + 1) + 1 + x] = indexes.get(colourAt(y * width + x))!;
  }
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([
    png.subarray(0, SIGNATURE_LENGTH),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(parts))),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function read(png: Buffer): { width: number; height: number; filtered: Buffer } {
  const compressed: Buffer[] = [];
  for (let at = SIGNATURE_LENGTH; at < png.length; at += png.readUInt32BE(at) + 12) {
    const isPixels = png.toString('latin1', at + 4, at + 8) === 'IDAT';
    if (isPixels) compressed.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  return {
    width: png.readUInt32BE(16),
    height: png.readUInt32BE(20),
    filtered: inflateSync(Buffer.concat(compressed)),
  };
}

function unfiltered(filtered: Buffer, lineLength: number, height: number): Buffer {
  const pixels = Buffer.alloc(lineLength * height);
  for (let y = 0; y < height; y += 1) {
    const predict = filters[filtered[y * (lineLength + 1)]!]!;
    for (let x = 0; x < lineLength; x += 1) {
      const at = y * lineLength + x;
      const left = x < RGB ? 0 : pixels[at - RGB]!;
      const above = y === 0 ? 0 : pixels[at - lineLength]!;
      const corner = x < RGB || y === 0 ? 0 : pixels[at - lineLength - RGB]!;
      pixels[at] = filtered[y * (lineLength + 1) + 1 + x]! + predict(left, above, corner);
    }
  }
  return pixels;
}

function nearest(palette: readonly number[], colour: number): number {
  const exact = palette.indexOf(colour);
  if (exact !== -1) return exact;
  const wanted = parts(colour);
  const distances = palette.map((known) =>
    parts(known).reduce((sum, part, index) => sum + (part - wanted[index]!) ** 2, 0),
  );
  return distances.indexOf(Math.min(...distances));
}

function parts(colour: number): number[] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
