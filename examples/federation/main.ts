import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { serveUsers } from './users.js';

const { PORT = '4000', CONNECTIONS_PORT = '4001', USERS_PORT = '4002', SANDBOX_PORT = '4003' } = process.env;
const root = join(import.meta.dirname, '../..');

const start = (command: string, args: string[], cwd: string, environment: Record<string, string>) => {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.once('exit', (code) => process.exit(code ?? 0));
  process.once('exit', () => child.kill());
  child.stdout.setEncoding('utf8');
  return child;
};
process.once('SIGTERM', () => process.exit(0));
process.once('SIGINT', () => process.exit(0));

// The connections subgraph: `xkit-graphql dev`, over its embedded sandbox.
const connections = start(process.execPath, ['--import', 'tsx', 'src/cli/bin.ts', 'dev'], root, {
  XKIT_FEDERATION: 'on',
  XKIT_USER_TYPE: 'User',
  PORT: CONNECTIONS_PORT,
  SANDBOX_PORT,
});
const connectionsUrl = await new Promise<string>((resolve) => {
  let printed = '';
  connections.stdout.on('data', (text: string) => {
    printed += text;
    const [, url] = /GraphQL +(http:\S+)/.exec(printed) ?? [];
    if (url !== undefined) resolve(url);
  });
});
const usersUrl = await serveUsers(Number(USERS_PORT));

// Hive Gateway, with the supergraph from the file.
const hive = join(import.meta.dirname, 'hive');
const options = ['--config-path', 'gateway.config.js', '--host', '127.0.0.1', '--port', PORT];
const gateway = start(
  join(hive, 'node_modules/.bin/hive-gateway'),
  ['supergraph', 'supergraph.graphql', ...options],
  hive,
  {
    CONNECTIONS_URL: connectionsUrl,
    USERS_URL: usersUrl,
  },
);
gateway.stdout.on('data', (text: string) => process.stdout.write(text));
