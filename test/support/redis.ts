import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { findFreePort } from './free-port.js';

/** A real Redis on its own port, without persistence. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  start(): Promise<void>;
  /** Pauses or resumes Redis. Its connections stay open. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  stop(): Promise<void>;
}

/** Prepares a Redis with a password. It listens after `start`. */
export async function createRedis(password: string): Promise<TestRedis> {
  const port = await findFreePort();
  let server: ChildProcess | null = null;
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    port,
    start: async () => {
      const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--requirepass', password];
      const child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child, 'spawn').catch(() => {
        throw new Error('The tests need redis-server: apt-get install redis-server');
      });
      server = child;
      let output = '';
      for await (const chunk of child.stdout) {
        output += String(chunk);
        if (output.includes('Ready to accept connections')) return;
      }
      throw new Error(`redis-server did not start: ${output}`);
    },
    signal: (signal) => void server?.kill(signal),
    stop: async () => {
      if (!server) return;
      server.kill('SIGKILL');
      await once(server, 'close');
      server = null;
    },
  };
}
