import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../../../simulator/index';
import { Client, signatory } from './client';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulator-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a state file', () => {
  it('restores attestations, agreements, tokens and the clock after a restart', async () => {
    const stateFile = join(folder, 'deep', 'state.json');
    const before = await new Client(await startSimulator({ stateFile })).signIn();
    await before.send('PUT', '/simulator/clock', { offsetMs: 3_600_000 });
    const accepted = await before.acceptedAttestation();
    const waiting = await before.attest({ phoneNumber: '2' });
    await before.agree({ attestationId: accepted });
    await before.simulator.close();
    expect(await readdir(join(folder, 'deep'))).toEqual(['state.json']);

    const after = new Client(await startSimulator({ stateFile }));
    after.token = before.token;
    expect(await after.committed()).toBe(1);
    expect((await after.agree({ attestationId: accepted })).json).toMatchObject({ code: 600061 });
    await after.accept(waiting);
    expect((await after.agree({ attestationId: waiting })).status).toBe(201);
    expect((await after.send('GET', '/simulator/clock')).json).toMatchObject({ offsetMs: 3_600_000 });
    await after.simulator.close();
  });

  it('is written soon after each commit, not only at the end', async () => {
    const stateFile = join(folder, 'state.json');
    const simulator = await startSimulator({ stateFile });
    const client = await new Client(simulator).signIn();
    await client.attest();
    while (!(await readdir(folder)).includes('state.json'));
    await simulator.close();
  });

  it('is refused with an instruction when it is invalid', async () => {
    const stateFile = join(folder, 'state.json');
    await writeFile(stateFile, '{"version":2}');
    await expect(startSimulator({ stateFile })).rejects.toThrow(
      `The state file ${stateFile} does not contain the state`,
    );
  });
});

describe('closing', () => {
  it('is quick despite a hanging call, a delayed call and idle connections, and nothing is committed afterwards', async () => {
    const stateFile = join(folder, 'state.json');
    const simulator = await startSimulator({ stateFile });
    const client = await new Client(simulator).signIn();
    await client.faults([
      { on: 'createAttestation', effect: 'hang' },
      { on: 'createAttestation', delayMs: 60_000 },
    ]);
    const calls = [1, 2].map(() => client.api('POST', '/attestations/enhanced', signatory).catch(() => 'cut'));
    while ((await client.journal('createAttestation')).length < 2);
    const startedAt = performance.now();
    await simulator.close();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(await Promise.all(calls)).toEqual(['cut', 'cut']);

    const reopened = await startSimulator({ stateFile });
    expect((await new Client(reopened).send('GET', '/simulator/attestations')).json).toEqual([]);
    await reopened.close();
  });
});

describe('the options', () => {
  it('set credentials and switches, which a reset keeps', async () => {
    const simulator = await startSimulator({
      tenantId: 'contoso.example',
      clientSecret: 's',
      switches: { phoneRequired: false },
    });
    const client = await new Client(simulator).signIn();
    await client.send('POST', '/simulator/reset');
    expect(simulator.credentials).toMatchObject({ tenantId: 'contoso.example', clientSecret: 's' });
    expect(await client.attest({ phoneNumber: '' })).toEqual(expect.any(String));
    await simulator.close();
  });

  it('refuse a switch that does not exist', async () => {
    await expect(startSimulator({ switches: { nonsense: 1 } as object })).rejects.toThrow('nonsense');
  });
});
