import {
  BREAK,
  buildSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type ValidationRule,
} from 'graphql';
import { describe, expect, it } from 'vitest';

import { isValid } from '../../../src/server/documents/is-valid.js';

const schema = buildSchema(`
  directive @once on FIELD
  directive @many(times: Int!) repeatable on FIELD | QUERY
  scalar Any
  enum Color { RED }
  input Range { from: Int!, to: Int = 9, any: Any }
  input Choice @oneOf { a: Int, b: Int }
  interface Node { id: ID! }
  type Dog implements Node { id: ID!, name(upper: Boolean): String, tags: [String!], owner: Person }
  type Person implements Node { id: ID!, name: String }
  union Being = Dog | Person
  type Query {
    dog(id: ID, range: Range, any: Any, choice: Choice, color: Color, ids: [ID!]): Dog
    need(id: ID!): Dog
    node: Node
    being: Being
  }
  type Subscription { dog: Dog, person: Person }
`);

/** Keeps to all rules, and leads to every kind of node that an operation has. */
const VALID = [
  '{ dog { id } }',
  'query A($id: ID, $on: Boolean = true) @many(times: 1) @many(times: 2) { dog(id: $id) { id @include(if: $on) @once ...F } } fragment F on Dog { name(upper: $on) owner { ...P } } fragment P on Person { id }',
  'query ($range: Range, $to: Int, $any: Any) { a: dog(range: $range) { id } b: dog(range: { from: 1, to: $to, any: { x: [1, $any] } }) { id } }',
  '{ dog(any: [{ x: 1 }, RED, "", 1.5, null, true], ids: ["1", 2], color: RED, choice: { a: 1 }) { tags } }',
  '{ node { __typename ... on Dog { name } ... on Person { name } } being { ... on Node { id } } need(id: 1) { id } }',
  'query A { dog { id } } query B { dog { id } }',
  'fragment F on Dog { name(upper: $on) } query A($on: Boolean, $times: Int!) @many(times: $times) { dog { ...F } }',
  'subscription { dog { id } }',
];

/** Breaks one rule each, deep inside as well, and after what no rule looks at. */
const INVALID: [rule: string, text: string][] = [
  ['DeferStreamDirectiveLabel', '{ dog { ... @defer { id } } }'],
  ['ExecutableDefinitions', '{ dog { id } } type T { id: ID }'],
  ['FieldsOnCorrectType', '{ dog { id owner { ...P } } } fragment P on Person { nope }'],
  ['FragmentsOnCompositeTypes', '{ dog { ... on String { id } } }'],
  ['KnownArgumentNames', '{ dog { name(lower: true) } }'],
  ['KnownArgumentNamesOnDirectives', '{ dog @many(times: 1, nope: 2) { id } }'],
  ['KnownDirectives', '{ dog { id @nope } }'],
  ['KnownDirectives, at the wrong place', 'query @once { dog { id } }'],
  ['KnownFragmentNames', '{ dog { ...Nope } }'],
  ['KnownTypeNames', 'query ($a: Nope) { dog { id } }'],
  ['LoneAnonymousOperation', '{ dog { id } } query A { dog { id } }'],
  ['NoFragmentCycles', '{ dog { ...F } } fragment F on Dog { ...F }'],
  ['NoUndefinedVariables', '{ dog { name(upper: $nope) } }'],
  ['NoUndefinedVariables, in a fragment before', 'fragment F on Dog { name(upper: $nope) } { dog { ...F } }'],
  ['NoUnusedVariables, beside a default', 'query ($a: Int, $b: Int = 1) { need(id: $a) { id } }'],
  ['NoUnusedFragments', '{ dog { id } } fragment F on Dog { id }'],
  ['NoUnusedVariables', 'query ($a: ID) { dog { id } }'],
  ['OverlappingFieldsCanBeMerged', '{ dog { id } dog(id: 1) { id } }'],
  ['PossibleFragmentSpreads', '{ dog { ... on Person { id } } }'],
  ['ProvidedRequiredArguments', '{ need { id } }'],
  ['ProvidedRequiredArguments of a directive', '{ dog @many { id } }'],
  ['ScalarLeafs, without', '{ dog }'],
  ['ScalarLeafs, with', '{ dog { id { x } } }'],
  ['SingleFieldSubscriptions', 'subscription { dog { id } person { id } }'],
  ['UniqueArgumentNames', '{ dog(id: 1, id: 2) { id } }'],
  ['UniqueDirectivesPerLocation', '{ dog { id @once @once } }'],
  ['UniqueDirectivesPerLocation of a variable', 'query ($a: ID @once @once) { dog(id: $a) { id } }'],
  ['UniqueFragmentNames', '{ dog { ...F } } fragment F on Dog { id } fragment F on Dog { name }'],
  ['UniqueInputFieldNames', '{ dog(range: { from: 1, from: 2 }) { id } }'],
  ['UniqueInputFieldNames, in a list', '{ dog(any: [{ x: [{ y: 1, y: 2 }] }]) { id } }'],
  ['UniqueOperationNames', 'query A { dog { id } } query A { dog { id } }'],
  ['UniqueVariableNames', 'query ($a: ID, $a: ID) { dog(id: $a) { id } }'],
  ['ValuesOfCorrectType', '{ dog { owner { id } } a: dog(range: { from: "1" }) { id } }'],
  ['ValuesOfCorrectType, missing', '{ dog(range: { to: 1 }) { id } }'],
  ['ValuesOfCorrectType, in a list', '{ dog(ids: [1, 2.5]) { id } }'],
  ['ValuesOfCorrectType, oneOf', '{ dog(choice: { a: 1, b: 2 }) { id } }'],
  ['ValuesOfCorrectType of a variable', 'query ($a: [Int!] = ["1"]) { dog(any: $a) { id } }'],
  ['VariablesAreInputTypes', 'query ($a: [Dog!]!) { dog(any: $a) { id } }'],
  ['VariablesInAllowedPosition', 'query ($a: Int) { need(id: $a) { id } }'],
  ['VariablesInAllowedPosition, in an object', 'query ($a: String) { dog(range: { from: $a }) { id } }'],
  ['MaxIntrospectionDepth', '{ __type(name: "A") { fields { type { fields { type { fields { name } } } } } } }'],
  ['a rule that was added', '{ dog { id } __schema { description } }'],
];

const RULES: ValidationRule[] = [...specifiedRules, NoSchemaIntrospectionCustomRule];

describe('whether a document is valid', () => {
  it.each(VALID)('%s', (text) => {
    expect(validate(schema, parse(text), RULES)).toEqual([]);
    expect(isValid(schema, parse(text), RULES)).toBe(true);
  });

  it.each(INVALID)('not by %s', (_, text) => {
    expect(validate(schema, parse(text), RULES)).not.toEqual([]);
    expect(isValid(schema, parse(text), RULES)).toBe(false);
  });

  it('has each rule say no by itself', () => {
    const silent = specifiedRules.filter((rule) => INVALID.every(([, text]) => isValid(schema, parse(text), [rule])));
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('agrees with graphql-js on each rule by itself', () => {
    for (const text of [...VALID, ...INVALID.map(([, invalid]) => invalid)])
      for (const rule of RULES) {
        const isSo = validate(schema, parse(text), [rule]).length === 0;
        expect(isValid(schema, parse(text), [rule]), `${rule.name}: ${text}`).toBe(isSo);
      }
  });

  it('lets a bug of a rule be known', () => {
    const broken: ValidationRule = () => ({
      Field() {
        throw new TypeError('A bug.');
      },
    });
    expect(() => isValid(schema, parse('{ dog { id } }'), [broken])).toThrow('A bug.');
  });

  it('calls a rule as graphql-js does, which may pass by what is below a node, or by all that follows', () => {
    const text = 'query A($a: ID) { a: dog(id: $a) { id owner { id } } b: node { id } } fragment F on Dog { id }';
    const follow = (see: typeof isValid | typeof validate, rule: (seen: string[]) => ValidationRule) => {
      const seen: string[] = [];
      see(schema, parse(text), [rule(seen), rule(seen)]);
      return seen;
    };
    const rules = [
      (stop: unknown) => (seen: string[]) =>
        (() => ({
          Field: {
            enter(node, ...where) {
              seen.push(`enter ${node.name.value} ${where[2].join('.')} ${where[3].length}`);
              return node.alias?.value === 'a' ? stop : undefined;
            },
            leave: (node) => void seen.push(`leave ${node.name.value}`),
          },
        })) as ValidationRule,
      (stop: unknown) => (seen: string[]) =>
        (() => ({
          enter: (node) => void (node.kind === 'Name' || seen.push(node.kind)),
          leave(node) {
            if (node.kind !== 'Name') seen.push(`leave ${node.kind}`);
            return node.kind === 'Field' ? stop : undefined;
          },
        })) as ValidationRule,
    ];
    for (const rule of rules)
      for (const stop of [undefined, false, BREAK]) {
        const expected = follow(validate, rule(stop));
        expect(expected.length).toBeGreaterThan(1);
        expect(follow(isValid, rule(stop))).toEqual(expected);
      }
  });
});
