import { writeFileSync } from 'node:fs';

import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { printSubgraphSdl } from 'xkit-graphql/federation';

import { USERS_SDL } from './users.js';

/** Composes the supergraph, with the URLs at which `main.ts` starts the subgraphs. */
export function composeSupergraph(): string {
  const { supergraphSdl, errors } = composeServices([
    {
      name: 'connections',
      url: 'http://127.0.0.1:4001/graphql',
      typeDefs: parse(printSubgraphSdl({ ownerTypes: { user: 'User' } })),
    },
    { name: 'users', url: 'http://127.0.0.1:4002/graphql', typeDefs: parse(USERS_SDL) },
  ]);
  if (supergraphSdl === undefined) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

if (import.meta.filename === process.argv[1]) {
  writeFileSync(`${import.meta.dirname}/hive/supergraph.graphql`, composeSupergraph());
}
