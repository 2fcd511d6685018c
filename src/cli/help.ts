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

  0    ended as asked, by SIGTERM or SIGINT
  1    a port could not be opened, or a second signal ended it at once
  2    wrong arguments, environment variables or files; standard error says which`;

/** The text below the options in a command's help. */
const NOTES: Readonly<Record<string, string>> = {
  'xkit-graphql': `Try it without an account: xkit-graphql dev\nSomething is wrong:         xkit-graphql doctor\n\n${EXIT_CODES}`,
  serve: `${listVariables(serveVariables)}

EXAMPLE

  XKIT_PUBLISHABLE_KEY=pk_… XKIT_SECRET_KEY_FILE=/run/secrets/xkit XKIT_SLUG=acme XKIT_POLICY_FILE=policy.yaml xkit-graphql serve

The standard variables of OpenTelemetry switch traces on: OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318

${EXIT_CODES}`,
  doctor: `It reads the variables of serve, and looks at all that a server needs: files, ports, the platform and its key, the
issuers, the clock, the catalog, Redis. It looks up a user that cannot exist, and changes nothing anywhere.

EXAMPLE

  … xkit-graphql doctor
  … xkit-graphql doctor --json | jq '.checks[] | select(.result == "failed")'

EXIT CODES

  0    nothing failed; there may be warnings
  1    something failed
  2    wrong arguments or environment variables`,
  query: `${listVariables(queryVariables)}

${listVariables(gatewayVariables, 'ENVIRONMENT WITH --url')}

EXAMPLE

  … xkit-graphql query slack --user alice
  … xkit-graphql query slack --group acme --json
  XKIT_SERVICE_KEY_FILE=/run/secrets/bff xkit-graphql query slack --user alice --url http://127.0.0.1:4000/graphql

Without --url it holds the platform's key itself, and no policy applies. A token that --reveal shows is recorded in the file of
XKIT_AUDIT_LOG, if that is set, before it is shown.

EXIT CODES

  0    there is a token that can be used
  1    it could not be found out
  2    wrong arguments or environment variables
  3    a person has to open the repair link`,
  dev: `${listVariables(devVariables)}\n\n${EXIT_CODES}`,
  sandbox: `${listVariables(devVariables)}\n\n${EXIT_CODES}`,
  keys: `EXAMPLE\n\n  xkit-graphql keys create --caller bff`,
  'keys create': `EXAMPLE

  xkit-graphql keys create --caller bff --expires 2027-01-31
  xkit-graphql keys create --caller bff > policy.yaml

The policy file holds only the hash: who reads it cannot ask for anything. A caller may have several keys, so that a new
one can be handed out before the old one is taken away. After a change: kill -HUP the server (not npm, which passes it
on to nobody); its log says what the policy holds now.`,
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
