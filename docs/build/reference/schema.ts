import {
  buildSchema,
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';

import { toHead, toTable } from './markdown.js';

const KINDS = [
  ['Objects', isObjectType],
  ['Inputs', isInputObjectType],
  ['Enums', isEnumType],
  ['Scalars', isScalarType],
] as const;

/** Formats the reference of a schema, from its SDL. */
export function toSchemaReference(sdl: string): string {
  const schema = buildSchema(sdl);
  const query = schema.getQueryType();
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => type !== query && !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  return `${[
    toHead('Schema'),
    'A field whose type has `!` is never null. Any other field may be null. `ID` and `String` are strings in JSON. The same schema as SDL: [schema.graphql](../../schema.graphql).\n',
    '## Queries\n',
    ...Object.values(query?.getFields() ?? {}).map(toRootField),
    ...KINDS.flatMap(([title, isKind]) => {
      const ofKind = types.filter(isKind);
      return ofKind.length === 0 ? [] : [`## ${title}\n`, ...ofKind.map(toType)];
    }),
  ]
    .join('\n')
    .trim()}\n`;
}

function toRootField(field: GraphQLField<unknown, unknown>): string {
  return `### ${field.name}

${describe(field)}

${toTable(['argument', 'type', ''], field.args.map(toRow))}

Returns ${toTypeLink(field.type)}.
`;
}

function toType(type: GraphQLNamedType): string {
  return [`### ${type.name}\n`, `${describe(type)}\n`, toMembers(type)].join('\n');
}

function toMembers(type: GraphQLNamedType): string {
  if (isEnumType(type)) {
    return `${toTable(
      ['value', ''],
      type.getValues().map((value) => [`\`${value.name}\``, describe(value)]),
    )}\n`;
  }
  if (isObjectType(type) || isInputObjectType(type)) {
    return `${toTable(['field', 'type', ''], Object.values(type.getFields()).map(toRow))}\n`;
  }
  return '';
}

function toRow(item: GraphQLArgument | GraphQLField<unknown, unknown> | GraphQLInputField): string[] {
  const { name, type } = item;
  return [`\`${name}\``, toTypeLink(type), describe(item)];
}

/** Formats a type as in SDL. All types except the built-in scalars link to their description. */
function toTypeLink(type: GraphQLType): string {
  const named = getNamedType(type);
  return isSpecifiedScalarType(named) ? `\`${String(type)}\`` : `[\`${String(type)}\`](#${named.name.toLowerCase()})`;
}

function describe({
  description,
  deprecationReason,
}: {
  readonly description?: string | null | undefined;
  readonly deprecationReason?: string | null | undefined;
}): string {
  const warning = deprecationReason ? `**Deprecated:** ${deprecationReason} ` : '';
  return warning + (description ?? '');
}
