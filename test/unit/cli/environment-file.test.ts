import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironmentFile } from '../../../src/cli/environment-file';
import { temporaryFolder } from '../../support/temporary-folder';

let folder: string;

beforeEach(() => (folder = temporaryFolder('env-file-')));

test('a variable that is set already wins over the file, even where it is set to nothing', () => {
  writeFileSync(join(folder, 'stack.env'), 'A=file\nB=file\nC="with space"\n');
  const environment: Record<string, string | undefined> = { A: 'set', B: '' };

  loadEnvironmentFile(environment, folder, 'stack.env');

  expect(environment).toEqual({ A: 'set', B: '', C: 'with space' });
});

test('.env of the working directory is read without being asked for, and may be missing', () => {
  const environment: Record<string, string | undefined> = {};
  loadEnvironmentFile(environment, folder, undefined);
  expect(environment).toEqual({});

  writeFileSync(join(folder, '.env'), 'A=file\n');
  loadEnvironmentFile(environment, folder, undefined);
  expect(environment).toEqual({ A: 'file' });
});

test('a file that was asked for must be there', () => {
  expect(() => loadEnvironmentFile({}, folder, 'absent.env')).toThrow('absent.env cannot be read (ENOENT)');
});
