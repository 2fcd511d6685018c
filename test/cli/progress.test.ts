import { expect, it } from 'vitest';

import { createProgress } from '../../src/cli/progress.js';

function show(isTTY: boolean): string {
  let written = '';
  const progress = createProgress({ isTTY, write: (text: string | Uint8Array) => Boolean((written += String(text))) });
  progress.show('one');
  progress.show('two');
  progress.clear();
  progress.clear();
  return written;
}

it('shows the current step on a terminal, and clears it at the end', () => {
  const clear = '\r\u001b[K';
  expect(show(true)).toBe(`${clear}⠙ one${clear}${clear}⠙ two${clear}`);
});

it('prints nothing to a pipe', () => {
  expect(show(false)).toBe('');
});
