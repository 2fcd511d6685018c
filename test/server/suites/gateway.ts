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
 * Tests the behavior that callers can rely on with every kind of gateway.
 *
 * @param more tests that only this kind of gateway can run
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
