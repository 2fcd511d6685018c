import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  type ASTVisitorKeyMap,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  MaxIntrospectionDepthRule,
  NoFragmentCyclesRule,
  TypeInfo,
  type validate,
  ValidationContext,
  type ValidationRule,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';

import { parseWithoutLocations } from '../documents/locations.js';
import { visitTogether } from '../documents/visit-together.js';

/** Far above what a gateway sends that reads a hundred connections at once, each in a field of its own. */
const MAX_TOKENS = 10_000;
const MAX_DEPTH = 15;
const MAX_ALIASES = 500;
const MAX_DIRECTIVES = 100;

/** None of them asks for the types of what it looks at, so that those are not looked up. */
const RULES: ValidationRule[] = [
  NoFragmentCyclesRule,
  MaxIntrospectionDepthRule,
  maxDepthRule({ n: MAX_DEPTH, flattenFragments: true }),
  maxAliasesRule({ n: MAX_ALIASES, allowList: [] }),
  maxDirectivesRule({ n: MAX_DIRECTIVES }),
] as ValidationRule[];

/**
 * Where the rules look, which is at fields alone. Half of all that a document is made of are names and arguments.
 */
const VISITOR_KEYS: ASTVisitorKeyMap = {
  [Kind.DOCUMENT]: ['definitions'],
  [Kind.OPERATION_DEFINITION]: ['selectionSet'],
  [Kind.FRAGMENT_DEFINITION]: ['selectionSet'],
  [Kind.SELECTION_SET]: ['selections'],
  [Kind.FIELD]: ['selectionSet'],
  [Kind.INLINE_FRAGMENT]: ['selectionSet'],
};

/**
 * Refuses documents that would cost too much: LIMIT_EXCEEDED, before the rules of GraphQL itself look at them, some of
 * which take time quadratic in the number of fields.
 */
export function useDocumentLimits(): Plugin {
  // Documents are kept, and looked at once.
  const accepted = new WeakSet<DocumentNode>();
  return {
    onParse({ setParseFn }) {
      setParseFn((...[source, options]: Parameters<typeof parseWithoutLocations>) =>
        within(() => parseWithoutLocations(source, { ...options, maxTokens: MAX_TOKENS })),
      );
    },
    onValidate({ params: { schema, documentAST }, validateFn, setValidationFn, setResult }) {
      setValidationFn((...args: Parameters<typeof validate>) => {
        const errors = within(() => validateFn(...args) as ReturnType<typeof validate>);
        // What graphql-js says of itself, when too many fields would have to be compared with each other.
        const isAborted = errors.some(({ message }) => message === 'Validation aborted.');
        return isAborted ? [limitExceeded('The document repeats too many fields.')] : errors;
      });
      if (accepted.has(documentAST)) return;
      const problem = findProblem(schema, documentAST);
      if (problem) setResult([problem]);
      else accepted.add(documentAST);
    },
  };
}

function refuse(problem: GraphQLError): never {
  throw problem;
}

function findProblem(schema: GraphQLSchema, document: DocumentNode): GraphQLError | null {
  try {
    within(() => {
      const context = new ValidationContext(schema, document, new TypeInfo(schema), refuse);
      visitTogether(
        document,
        RULES.map((rule) => rule(context)),
        VISITOR_KEYS,
      );
    });
    return null;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return limitExceeded(error.message.replace('Syntax Error: ', ''));
  }
}

/** Does something that goes as deep as the document: a stack that overflows is the document's fault, and no bug. */
function within<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof RangeError) throw limitExceeded('The document is nested too deeply.');
    const isTooLong = error instanceof GraphQLError && error.message.endsWith('Parsing aborted.');
    throw isTooLong ? limitExceeded(`The document has more than ${MAX_TOKENS} tokens.`) : error;
  }
}

function limitExceeded(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'LIMIT_EXCEEDED', http: { status: 400 } } });
}
