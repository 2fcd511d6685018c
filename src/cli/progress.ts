import type { WriteStream } from 'node:tty';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
const CLEAR_LINE = '\r\u001b[K';

/** Shows on a terminal that work is in progress. Does nothing without a terminal. */
export interface Progress {
  /** Shows a text until the next call. */
  show(text: string): void;
  /** Removes the text, so that other output can be written. */
  clear(): void;
}

/** Creates an animated progress line. */
export function createProgress(stream: Pick<WriteStream, 'isTTY' | 'write'> = process.stderr): Progress {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  let timer: NodeJS.Timeout | undefined;
  const clear = () => {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    stream.write(CLEAR_LINE);
  };
  return {
    show: (text) => {
      clear();
      let frame = 0;
      const draw = () => stream.write(`${CLEAR_LINE}${FRAMES[(frame += 1) % FRAMES.length]} ${text}`);
      draw();
      timer = setInterval(draw, FRAME_MS).unref();
    },
    clear,
  };
}
