import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  MaxIntrospectionDepthRule,
  NoFragmentCyclesRule,
  parse,
  validate,
  type ValidationRule,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type LimitName, limitOf, withLimit } from '../../schema/limit-error.js';

/** Far more than a host gateway needs to read 100 connections in one operation, each in its own field. */
const MAX_TOKENS = 10_000;
const MAX_DEPTH = 15;
const MAX_ALIASES = 500;
const MAX_DIRECTIVES = 100;

/** Makes a rule of graphql-armor name its limit in its error. */
const naming = (limit: LimitName) => ({
  onReject: [(_: unknown, error: GraphQLError) => void withLimit(error, limit)],
});

const RULES: readonly ValidationRule[] = [
  NoFragmentCyclesRule,
  MaxIntrospectionDepthRule,
  maxDepthRule({ n: MAX_DEPTH, flattenFragments: true, ...naming('depth') }),
  maxAliasesRule({ n: MAX_ALIASES, allowList: [], ...naming('aliases') }),
  maxDirectivesRule({ n: MAX_DIRECTIVES, ...naming('directives') }),
] as ValidationRule[];

/**
 * Creates the plugin that refuses too expensive documents with LIMIT_EXCEEDED. Its rules run before GraphQL's own
 * rules, some of which take time quadratic in the number of fields.
 */
export function useDocumentLimits(): Plugin {
  // Cached documents are checked only once.
  const accepted = new WeakSet<DocumentNode>();
  return {
    onParse({ setParseFn }) {
      setParseFn((...[source, options]: Parameters<typeof parse>) =>
        within(() => parse(source, { ...options, maxTokens: MAX_TOKENS })),
      );
    },
    onValidate({ params: { schema, documentAST }, validateFn, setValidationFn, setResult }) {
      setValidationFn((...args: Parameters<typeof validate>) => {
        const errors = within(() => validateFn(...args) as ReturnType<typeof validate>);
        // graphql-js reports this if it would have to compare too many fields with each other.
        const isAborted = errors.some(({ message }) => message === 'Validation aborted.');
        return isAborted ? [limitExceeded('repeated-fields', 'The document repeats too many fields.')] : errors;
      });
      if (accepted.has(documentAST)) return;
      const problem = findProblem(schema, documentAST);
      if (problem) setResult([problem]);
      else accepted.add(documentAST);
    },
  };
}

function findProblem(schema: GraphQLSchema, document: DocumentNode): GraphQLError | null {
  try {
    const [error] = within(() => validate(schema, document, RULES, { maxErrors: 1 }));
    return error ? toLimitError(error) : null;
  } catch (error) {
    // The rules of graphql-armor throw the errors that they find.
    if (error instanceof GraphQLError) return toLimitError(error);
    throw error;
  }
}

function toLimitError(error: GraphQLError): GraphQLError {
  // The rules of graphql-js are about cycles of fragments, and circles in introspection.
  return limitExceeded(limitOf(error) ?? 'nesting', error.message.replace('Syntax Error: ', ''));
}

/** Runs an action that recurses as deep as the document. A stack overflow comes from the document, not from a bug. */
function within<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof RangeError) throw limitExceeded('nesting', 'The document is nested too deeply.');
    const isTooLong = error instanceof GraphQLError && error.message.endsWith('Parsing aborted.');
    throw isTooLong ? limitExceeded('tokens', `The document has more than ${MAX_TOKENS} tokens.`) : error;
  }
}

function limitExceeded(limit: LimitName, message: string): GraphQLError {
  return withLimit(new GraphQLError(message, { extensions: { code: 'LIMIT_EXCEEDED' } }), limit);
}
