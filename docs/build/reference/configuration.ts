import { FILE_VARIABLES } from '../../../src/server/config/environment.js';
import { type CommandHelp, ENVIRONMENT } from './help.js';
import { toHead, toTable } from './markdown.js';

/** The sections and the variables in each. A variable belongs to the first section that matches; the last takes all. */
const SECTIONS = [
  ['The platform', /^XKIT_(?:PUBLISHABLE_KEY|SECRET_KEY|API_.*|USER_PATH|GROUP_PATH)$/],
  ['The catalog', /^XKIT_(?:SLUG|CATALOG_URL)$/],
  ['Access of callers', /^XKIT_(?:POLICY_.*|CONNECTORS|RATE_LIMIT|REDIS_URL|TRUSTED_.*|MAX_CONNECTIONS)$/],
  ['Pages and GraphiQL', /^XKIT_(?:CORS_ORIGINS|INTROSPECTION|GRAPHIQL)$/],
  ['The audit log', /^XKIT_AUDIT/],
  ['Time and load', /^XKIT_(?:MAX_.*|.*TIMEOUT_MS|SINGLE_FLIGHT)$/],
  [
    'In a host gateway',
    /^XKIT_(?:FEDERATION|SCOPE_DIRECTIVES|USER_TYPE|GROUP_TYPE|KEY_FIELD|TYPE_PREFIX|FIELD_PREFIX)$/,
  ],
  ['Ports and logs', /^(?:PORT|HOST|LOG_LEVEL|SANDBOX_PORT|XKIT_METRICS_.*)$/],
  ['Querying a gateway', /^XKIT_SERVICE_KEY$/],
  ['Others', /^/],
] as const;

/** Formats the reference of the environment variables, as the help of each command describes them. */
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
    'The program reads these environment variables. If any variable is invalid, or an unknown variable begins with `XKIT_`, the program does not start, and it lists every problem. An empty variable counts as not set. `doctor` reads the variables of `serve`.',
    `${FILE_VARIABLES.map((name) => `\`${name}\``).join(', ')} can also come from a file. Set the variable with the suffix \`_FILE\` to its path.`,
    'The standard OpenTelemetry variables, `OTEL_…`, enable [traces](../operations.md#traces).',
    ...sections,
  ].join('\n\n')}\n`;
}

function findSection(name: string) {
  return SECTIONS.find(([, fits]) => fits.test(name));
}

/** Splits the help text of a variable into its meaning and its default. */
function toWhatAndDefault(text: string): [what: string, preset: string] {
  const isRequired = /(?:^|\. )Required(?:;|\.|$)/.test(text);
  const [what = '', preset = isRequired ? '**required**' : 'none'] = text
    .replace(/; or name a file that holds it: \w+/, '')
    .replace(/\. Required(?:; )?/, (found) => (found.endsWith(' ') ? '; ' : ''))
    .split(/\. Default: /);
  return [what, preset];
}
