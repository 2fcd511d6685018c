import { GraphQLError, type ValidationRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** The fields that lead to the schema. All others of introspection are below one of them. */
const INTROSPECTION = new Set(['__schema', '__type']);

/** Keeps the schema from being asked for: who needs it has `schema.graphql`. */
export function useNoIntrospection(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(noIntrospection);
    },
  };
}

/** As `NoSchemaIntrospectionCustomRule` of graphql-js, which compares the type of each field with all of introspection. */
const noIntrospection: ValidationRule = (context) => ({
  Field(node) {
    const { value: name } = node.name;
    if (!INTROSPECTION.has(name)) return;
    const message = `GraphQL introspection has been disabled, but the requested query contained the field "${name}".`;
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});
