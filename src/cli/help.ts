import { type CommandDef, renderUsage } from 'citty';
import {
  compositionVariables,
  describeVariables,
  devVariables,
  gatewayVariables,
  queryVariables,
  serveVariables,
} from '../server/config/variables.js';

const EXIT_CODES = `EXIT CODES

  0    finished, or stopped by SIGTERM or SIGINT
  1    a port could not be opened, or a signal during the shutdown stopped the program immediately
  2    invalid arguments, environment variables or files: see standard error`;

/** The text below the options in a command's help. */
const NOTES: Readonly<Record<string, string>> = {
  'xkit-graphql': `To try it without an account: xkit-graphql dev\nTo find out what is wrong:    xkit-graphql doctor\n\n${EXIT_CODES}`,
  serve: `${listVariables(serveVariables)}

EXAMPLE

  XKIT_PUBLISHABLE_KEY=pk_… XKIT_SECRET_KEY_FILE=/run/secrets/xkit XKIT_SLUG=acme XKIT_POLICY_FILE=policy.yaml xkit-graphql serve

The standard OpenTelemetry variables turn on traces, for example OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318

${EXIT_CODES}`,
  doctor: `doctor reads the environment variables of serve, and checks everything that the server needs: files, ports, the Platform
API and its key, the issuers, the clock, the catalog and Redis. It looks up a user that cannot exist. It changes nothing.

EXAMPLE

  … xkit-graphql doctor
  … xkit-graphql doctor --json | jq '.checks[] | select(.result == "failed")'

EXIT CODES

  0    no check failed; there may be warnings
  1    a check failed
  2    invalid arguments or environment variables`,
  query: `${listVariables(queryVariables)}

${listVariables(gatewayVariables, 'ENVIRONMENT WITH --url')}

EXAMPLE

  … xkit-graphql query slack --user alice
  … xkit-graphql query slack --group acme --json
  XKIT_SERVICE_KEY_FILE=/run/secrets/bff xkit-graphql query slack --user alice --url http://127.0.0.1:4000/graphql

Without --url, query sends requests to the Platform API with its key, and no policy applies. If XKIT_AUDIT_LOG is set,
--reveal writes an audit event to that file before it shows a token.

EXIT CODES

  0    the connection has a token that you can use
  1    the query failed: see standard error
  2    invalid arguments or environment variables
  3    a person must open the repair link`,
  dev: `${listVariables(devVariables)}\n\n${EXIT_CODES}`,
  sandbox: `${listVariables(devVariables)}\n\n${EXIT_CODES}`,
  keys: `EXAMPLE\n\n  xkit-graphql keys create --caller bff`,
  'keys create': `EXAMPLE

  xkit-graphql keys create --caller bff --expires 2027-01-31
  xkit-graphql keys create --caller bff > policy.yaml

The policy file holds only the hash of the key, so a reader of the file cannot send operations. A caller can have
several keys: hand over the new key before you remove the old one. After you change the file, send SIGHUP to the server
with kill -HUP. Do not send it to npm, which does not forward it. The server then logs what the policy holds.`,
  sdl: `${listVariables(compositionVariables)}

EXAMPLE

  xkit-graphql sdl > schema.graphql
  XKIT_FEDERATION=on XKIT_USER_TYPE=User xkit-graphql sdl > connections.graphql

${EXIT_CODES}`,
};

/** Renders the help of a command. */
export async function renderHelp(command: CommandDef, name: string, parent?: CommandDef): Promise<string> {
  return `${await renderUsage(command, parent)}\n\n${NOTES[name] ?? ''}\n`;
}

function listVariables(variables: Parameters<typeof describeVariables>[0], title = 'ENVIRONMENT'): string {
  const rows = describeVariables(variables);
  const width = Math.max(...rows.map(([name]) => name.length));
  return [title, '', ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)].join('\n');
}
