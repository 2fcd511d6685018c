import { createSandbox } from '../../src/sandbox/index.js';
import { connectPeople, HANGING } from './people.js';

// The platform of a soak run, in its own process. A fifth of its responses fail, some are late, and some never come.
const sandbox = createSandbox();
connectPeople(sandbox.store);
sandbox.faults.add({ ownerId: HANGING, delayMs: Infinity, times: Infinity });
sandbox.faults.add({ share: 0.12, status: 503, times: Infinity });
sandbox.faults.add({ share: 0.06, disconnect: 'before-response', times: Infinity });
sandbox.faults.add({ share: 0.02, disconnect: 'mid-body', times: Infinity });
sandbox.faults.add({ share: 0.02, delayMs: 500, times: Infinity });

const listening = await sandbox.listen();
process.send?.({ apiUrl: listening.apiUrl });
setInterval(() => process.send?.({ sockets: listening.sockets() }), 1_000).unref();
process.once('disconnect', () => void listening.close());
