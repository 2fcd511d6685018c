import { FILE_VARIABLES } from '../../../src/server/config/environment.js';
import { type CommandHelp, ENVIRONMENT } from './help.js';
import { toHead, toTable } from './markdown.js';

/** The sections by the names they take, in order: a variable is in the first that it fits. The last one takes the rest. */
const SECTIONS = [
  ['The platform', /^XKIT_(?:PUBLISHABLE_KEY|SECRET_KEY|API_.*|USER_PATH|GROUP_PATH)$/],
  ['The catalog', /^XKIT_(?:SLUG|CATALOG_URL)$/],
  ['Who may ask for what', /^XKIT_(?:POLICY_.*|CONNECTORS|RATE_LIMIT|REDIS_URL|TRUSTED_.*|MAX_CONNECTIONS)$/],
  ['Pages and GraphiQL', /^XKIT_(?:CORS_ORIGINS|INTROSPECTION|GRAPHIQL)$/],
  ['The audit log', /^XKIT_AUDIT/],
  ['Time and load', /^XKIT_(?:MAX_.*|.*TIMEOUT_MS|SINGLE_FLIGHT)$/],
  ['In another gateway', /^XKIT_(?:FEDERATION|SCOPE_DIRECTIVES|USER_TYPE|GROUP_TYPE|KEY_FIELD|TYPE_PREFIX)$/],
  ['Ports and logs', /^(?:PORT|HOST|LOG_LEVEL|SANDBOX_PORT|XKIT_METRICS_.*)$/],
  ['Asking a gateway', /^XKIT_SERVICE_KEY$/],
  ['Others', /^/],
] as const;

/** Writes the reference of the environment variables, from what the help of each command says of them. */
export function toConfigurationReference(helps: readonly CommandHelp[]): string {
  const described = new Map<string, { text: string; readers: string[] }>();
  for (const { path, text: help } of helps) {
    const lists = (help.match(ENVIRONMENT) ?? []).join('');
    for (const [, name = '', text = ''] of lists.matchAll(/^ {2}([A-Z][A-Z_]+) {2,}(\S.*)$/gm)) {
      described.set(name, { text, readers: [...(described.get(name)?.readers ?? []), path] });
    }
  }
  const sections = SECTIONS.flatMap((section) => {
    const rows = [...described]
      .filter(([name]) => findSection(name) === section)
      .map(([name, { text, readers }]) => [`\`${name}\``, ...toWhatAndDefault(text), readers.join(', ')]);
    return rows.length === 0 ? [] : [`## ${section[0]}`, toTable(['variable', '', 'default', 'read by'], rows)];
  });
  return `${[
    toHead('Configuration').trim(),
    `Environment variables. A mistake in any of them is a start that fails, with every problem listed; so is a variable that begins with \`XKIT_\` and is not here. An empty one is one that is not set. \`doctor\` reads what \`serve\` reads.`,
    `${FILE_VARIABLES.map((name) => `\`${name}\``).join(', ')} may come from a file instead, which the variable with \`_FILE\` at its end names.`,
    'The standard variables of OpenTelemetry, `OTEL_…`, switch [traces](../operations.md#traces) on.',
    ...sections,
  ].join('\n\n')}\n`;
}

function findSection(name: string) {
  return SECTIONS.find(([, fits]) => fits.test(name));
}

/** Splits what the help says of a variable into what it is and what holds without it. */
function toWhatAndDefault(text: string): [what: string, preset: string] {
  const isRequired = /(?:^|\. )Required(?:;|\.|$)/.test(text);
  const [what = '', preset = isRequired ? '**required**' : 'none'] = text
    .replace(/; or name a file that holds it: \w+/, '')
    .replace(/\. Required(?:; )?/, (found) => (found.endsWith(' ') ? '; ' : ''))
    .split(/\. Default: /);
  return [what, preset];
}
