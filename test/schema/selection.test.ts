import { execute, type FragmentDefinitionNode, parse } from 'graphql';
import { expect, it } from 'vitest';

import { type ConnectionsFailure, createConnectionsContext } from '../../src/index.js';
import { createHost } from '../support/host.js';

it('reads each fragment once, for any number of spreads', async () => {
  const levels = Array.from({ length: 60 }, (_, n) => `fragment f${n + 1} on Connection { ...f${n} ...f${n} }`);
  const document = parse(
    `{ userConnection(userId: "a", connectorSlug: "s") { ...f60 } } fragment f0 on Connection { ownerId } ${levels.join(' ')}`,
  );
  const { run, sandbox } = createHost();
  expect(await run(createConnectionsContext(), document)).toEqual({ data: { userConnection: { ownerId: 'a' } } });
  expect(sandbox.requests.entries).toEqual([]);
});

it('reads the selection of a list once, for any number of keys', async () => {
  const { schema } = createHost();
  const countReads = async (length: number) => {
    const document = parse(
      'query ($keys: [ConnectionKey!]!) { connections(keys: $keys) { ...F } } fragment F on Connection { id }',
    );
    const fragment = document.definitions[1] as FragmentDefinitionNode;
    const { selectionSet } = fragment;
    let reads = 0;
    Object.defineProperty(fragment, 'selectionSet', { get: () => ((reads += 1), selectionSet) });
    const keys = Array.from({ length }, () => ({ ownerKind: 'USER', ownerId: 'a', connectorSlug: 's' }));
    const result = await execute({
      schema,
      document,
      contextValue: createConnectionsContext(),
      variableValues: { keys },
    });
    expect(result.errors).toBeUndefined();
    return reads;
  };
  expect(await countReads(500)).toBe(await countReads(1));
});

it('leaves the error about a null condition to the executor', async () => {
  const failures: ConnectionsFailure[] = [];
  const { schema } = createHost({ onFailure: (failure) => failures.push(failure) });
  const document = parse(
    'query ($if: Boolean = true) { userConnection(userId: "alice", connectorSlug: "slack") { id state @include(if: $if) } }',
  );
  const result = await execute({
    schema,
    document,
    contextValue: createConnectionsContext(),
    variableValues: { if: null },
  });
  expect(result.errors?.[0]?.message).toBe('Argument "if" of non-null type "Boolean!" must not be null.');
  expect(failures).toEqual([]);
});
