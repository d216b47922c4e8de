/** The layers of the code base, and what breaks their rule. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

export interface Layer {
  name: string;
  /** A file belongs to the first layer that has its folder, or itself. */
  paths: readonly string[];
  purpose: string;
}

/** Lowest first. A file imports from its own layer or from lower ones; layers on one line do not import each other. */
export const layers: readonly (readonly Layer[])[] = [
  [
    {
      name: 'onboarding',
      paths: ['src/onboarding/'],
      purpose: 'The contract: request, view, acceptance, events, failures, ids and links.',
    },
  ],
  [
    { name: 'partner-center', paths: ['src/partner-center/'], purpose: 'The client of Partner Center and its tokens.' },
    { name: 'webhooks', paths: ['src/webhooks/'], purpose: 'Signs events and delivers them to allowed hosts only.' },
    { name: 'process', paths: ['src/process/'], purpose: 'Logging, health, and how a process runs and drains.' },
  ],
  [{ name: 'config', paths: ['src/config/'], purpose: 'Environment variables become typed settings.' }],
  [
    {
      name: 'temporal',
      paths: ['src/temporal/'],
      purpose: 'Connection, namespace, search attributes and payload converter.',
    },
  ],
  [{ name: 'activities', paths: ['src/activities/'], purpose: 'The calls that a workflow makes.' }],
  [{ name: 'workflows', paths: ['src/workflows/'], purpose: 'Deterministic code: the onboarding and its deliveries.' }],
  [{ name: 'client', paths: ['src/client/'], purpose: 'OnboardingClient: how gateway, page and CLI use onboardings.' }],
  [{ name: 'acceptance-page', paths: ['src/acceptance-page/'], purpose: 'The page on which the signatory accepts.' }],
  [{ name: 'gateway', paths: ['src/gateway/'], purpose: 'The HTTP API.' }],
  [{ name: 'cli', paths: ['src/cli/'], purpose: 'The command line.' }],
  [
    { name: 'entry points', paths: ['src/'], purpose: 'Read configuration, wire and run one process.' },
    {
      name: 'simulator',
      paths: ['simulator/'],
      purpose: 'Partner Center, Entra and a CRM for tests; a program of its own.',
    },
  ],
  [{ name: 'tools', paths: ['tools/'], purpose: 'npm start and other developer tools.' }],
  [{ name: 'bench', paths: ['bench/'], purpose: 'Load and chaos runs.' }],
  [{ name: 'test', paths: ['test/'], purpose: 'All tests; nothing imports this layer.' }],
];

/** Every TypeScript file of these folders, by its path from the root. */
export function readSources(root: string, folders = ['src', 'simulator', 'tools', 'bench']): Map<string, string> {
  const sources = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      const path = posix.join(folder, entry.replaceAll('\\', '/'));
      if (path.endsWith('.ts')) sources.set(path, readFileSync(join(root, path), 'utf8'));
    }
  }
  return sources;
}

/** One sentence for each import that breaks the layers, and for each import cycle; imports of types count too. */
export function findViolations(sources: ReadonlyMap<string, string>): string[] {
  const imports = new Map([...sources].map(([path, source]) => [path, findImports(path, source, sources)]));
  const wrong = [...imports].flatMap(([from, targets]) =>
    targets.flatMap((to) => {
      const [own, other] = [findPlace(from), findPlace(to)];
      if (own.layer === other.layer || (other.rank < own.rank && !isSeparate(own, other))) return [];
      return `${from} (${own.layer.name}) imports ${to} (${other.layer.name})`;
    }),
  );
  return [...wrong, ...findCycles(imports)];
}

interface Place {
  layer: Layer;
  rank: number;
}

/** The simulator checks the product, so the two share no code. */
function isSeparate(own: Place, other: Place): boolean {
  const isSource = ({ layer }: Place) => layer.paths[0]!.startsWith('src/');
  const isSimulator = ({ layer }: Place) => layer.name === 'simulator';
  return (isSimulator(own) && isSource(other)) || (isSource(own) && isSimulator(other));
}

function findPlace(path: string): Place {
  for (const [rank, level] of layers.entries()) {
    const layer = level.find(({ paths }) => paths.some((start) => path.startsWith(start)));
    if (layer !== undefined) return { layer, rank };
  }
  throw new Error(`${path} belongs to no layer: add its folder to test/support/layers.ts.`);
}

const IMPORT = /(?:from|import|require\()\s*\(?'(\.[^']*)'/g;

function findImports(path: string, source: string, sources: ReadonlyMap<string, string>): string[] {
  return [...source.matchAll(IMPORT)].flatMap(([, specifier]) => {
    const target = posix.join(posix.dirname(path), specifier!);
    if (target.startsWith('test/')) return target;
    return [`${target}.ts`, `${target}/index.ts`, target].find((candidate) => sources.has(candidate)) ?? [];
  });
}

function findCycles(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push(`cycle: ${[...trail.slice(start), path].join(' → ')}`);
    if (start >= 0 || done.has(path)) return;
    for (const target of imports.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return cycles;
}

/** Files, lines and the median file of `src`, without what belongs to the page in the browser. */
export function countLines(root: string): { files: number; lines: number; median: number } {
  const lines = [...readSources(root, ['src'])]
    .filter(([path]) => !path.startsWith('src/acceptance-page/browser/'))
    .map(([, source]) => source.split('\n').length - 1)
    .toSorted((one, other) => one - other);
  return {
    files: lines.length,
    lines: lines.reduce((sum, count) => sum + count, 0),
    median: lines[Math.floor(lines.length / 2)] ?? 0,
  };
}

if (require.main === module) {
  const root = dirname(dirname(__dirname));
  process.stdout.write(`${JSON.stringify(countLines(root))}\n`);
  for (const violation of findViolations(readSources(root))) process.stdout.write(`${violation}\n`);
}
