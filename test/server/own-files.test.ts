import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('executes code of at most 45 of its own files for one warm operation', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['test/support/own-files.js'], { timeout: 60_000 });
  const files = stdout.trim().split('\n');
  expect(files).toContain('server/http/handler.js');
  expect(files.length, stdout).toBeLessThanOrEqual(45);
});
