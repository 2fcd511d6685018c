import { afterAll, beforeAll, beforeEach, describe } from 'vitest';

import type { StartGateway, TestGateway } from '../../support/gateway.js';
import { itKnowsItsCallers } from './access.js';
import { itBatches } from './batches.js';
import { itReadsConnections } from './connections.js';
import { itSurvivesDocuments } from './documents.js';
import { itKeepsIdsExact } from './ids.js';
import { itReportsFailures } from './failures.js';
import { itSpeaksHttp } from './http.js';
import { askUserConnection, type Subject } from './subject.js';

/**
 * What a gateway does for its callers, whichever way it is reached.
 *
 * @param more what only a way like this one can show
 */
export function describeGateway(name: string, start: StartGateway, more: (subject: Subject) => void = () => undefined) {
  describe(name, () => {
    let gateway: TestGateway;
    beforeAll(async () => {
      gateway = await start();
    });
    afterAll(() => gateway.close());
    beforeEach(() => {
      gateway.sandbox.faults.clear();
      gateway.sandbox.requests.clear();
    });

    const subject: Subject = {
      gateway: () => gateway,
      ask: (...args) => askUserConnection(gateway, ...args),
      paths: () => gateway.sandbox.requests.entries.map(({ path }) => path),
    };
    itReadsConnections(subject);
    itKeepsIdsExact(subject);
    itReportsFailures(subject);
    itBatches(subject);
    itKnowsItsCallers(subject);
    itSpeaksHttp(subject);
    itSurvivesDocuments(subject);
    more(subject);
  });
}
