import { FILE_VARIABLES } from '../../../src/server/environment.js';
import {
  compositionVariables,
  describeVariables,
  devVariables,
  serveVariables,
} from '../../../src/server/variables.js';
import { toHead, toTable } from './markdown.js';

const READERS = [
  ['serve', serveVariables],
  ['dev, sandbox', devVariables],
  ['sdl', compositionVariables],
] as const;

/** The sections by the names they take, in order: a variable is in the first that it fits. The last one takes the rest. */
const SECTIONS = [
  ['The platform', /^XKIT_(?:PUBLISHABLE_KEY|SECRET_KEY|API_.*|USER_PATH|GROUP_PATH)$/],
  ['The catalog', /^XKIT_(?:SLUG|CATALOG_URL)$/],
  ['Who may ask for what', /^XKIT_(?:POLICY_.*|CONNECTORS|RATE_LIMIT|REDIS_URL|TRUSTED_.*|MAX_CONNECTIONS)$/],
  ['Pages and GraphiQL', /^XKIT_(?:CORS_ORIGINS|INTROSPECTION|GRAPHIQL)$/],
  ['The audit log', /^XKIT_AUDIT/],
  ['Time and load', /^XKIT_(?:MAX_.*|.*TIMEOUT_MS|BREAKER|SINGLE_FLIGHT|COMPILE)$/],
  ['In another gateway', /^XKIT_(?:FEDERATION|SCOPE_DIRECTIVES|USER_TYPE|GROUP_TYPE|KEY_FIELD|TYPE_PREFIX)$/],
  ['Ports and logs', /^(?:PORT|HOST|LOG_LEVEL|SANDBOX_PORT|XKIT_METRICS_.*)$/],
  ['Others', /^/],
] as const;

/** Writes the reference of the environment variables, from what the program checks them by. */
export function toConfigurationReference(): string {
  const described = [...new Map(READERS.flatMap(([, variables]) => describeVariables(variables)))];
  const sections = SECTIONS.flatMap((section) => {
    const rows = described.filter(([name]) => findSection(name) === section).map(([name, text]) => toRow(name, text));
    return rows.length === 0 ? [] : [`## ${section[0]}`, toTable(['variable', '', 'default', 'read by'], rows)];
  });
  return `${[
    toHead('Configuration').trim(),
    `Environment variables. A mistake in any of them is a start that fails, with every problem listed; so is a variable that begins with \`XKIT_\` and is not here. An empty one is one that is not set.`,
    `${FILE_VARIABLES.map((name) => `\`${name}\``).join(', ')} may come from a file instead, which the variable with \`_FILE\` at its end names.`,
    ...sections,
  ].join('\n\n')}\n`;
}

function findSection(name: string) {
  return SECTIONS.find(([, fits]) => fits.test(name));
}

function toRow(name: string, text: string): string[] {
  const readers = READERS.filter(([, { shape }]) => name in shape).map(([reader]) => reader);
  const isRequired = /(?:^|\. )Required(?:;|\.|$)/.test(text);
  const [what = '', preset = isRequired ? '**required**' : 'none'] = text
    .replace(/; or name a file that holds it: \w+/, '')
    .replace(/\. Required(?:; )?/, (found) => (found.endsWith(' ') ? '; ' : ''))
    .split(/\. Default: /);
  return [`\`${name}\``, what, preset, readers.join(', ')];
}
