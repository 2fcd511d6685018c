import type { WriteStream } from 'node:tty';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
const CLEAR_LINE = '\r\u001b[K';

/** Shows on a terminal that something is under way, and nothing anywhere else. */
export interface Progress {
  /** Shows this text from now on. */
  show(text: string): void;
  /** Takes it away, so that something else can be written. */
  clear(): void;
}

/** Creates a line that moves while something is under way. */
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
