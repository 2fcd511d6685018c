// The audit: one line in a file for each disclosed access token and for each refusal.
import { createHmac, createSecretKey, hash } from 'node:crypto';
import { openSync, write } from 'node:fs';

// Only the owner may read the file: it shows who uses what.
const file = openSync(process.env.AUDIT_LOG, 'a', 0o600);
const ownerHashKey = createSecretKey(Buffer.from(process.env.AUDIT_KEY));

/** Maximum number of cached document hashes. Mercurius caches as many query plans. */
const MAX_DOCUMENTS = 1_024;
const documentHashes = new Map();

/** The lines of the next write, and the promise that their operations await. */
let waiting = null;
let isWriting = false;

/**
 * Records the disclosures and refusals of an operation. Resolves once the operating system has all of them.
 */
export function recordOperation({ caller, requestId, reply, disclosed, refused }) {
  const { query, operationName = null } = reply.request.body;
  const common = {
    time: new Date().toISOString(),
    requestId,
    caller: caller.id,
    operationName,
    documentHash: hashDocument(query),
  };
  let lines = '';
  for (const { key, accessToken } of disclosed) {
    lines += toLine(common, 'disclosed', key, hash('sha256', accessToken, 'hex').slice(0, 16), null);
  }
  for (const key of refused) lines += toLine(common, 'refused', key, null, 'FORBIDDEN');
  return append(lines);
}

// One object literal, because combining it from parts takes longer.
function toLine(common, outcome, { ownerKind, ownerId, connectorSlug }, tokenFingerprint, code) {
  const event = {
    event: 'audit',
    time: common.time,
    outcome,
    requestId: common.requestId,
    caller: common.caller,
    ownerKind,
    ownerHash: createHmac('sha256', ownerHashKey).update(ownerId).digest('hex').slice(0, 32),
    connectorSlug,
    operationName: common.operationName,
    documentHash: common.documentHash,
    tokenFingerprint,
    code,
  };
  return `${JSON.stringify(event)}\n`;
}

function hashDocument(text) {
  let found = documentHashes.get(text);
  if (found === undefined) {
    if (documentHashes.size >= MAX_DOCUMENTS) documentHashes.clear();
    documentHashes.set(text, (found = hash('sha256', text, 'hex')));
  }
  return found;
}

/** Appends lines. Writes the lines of one event-loop turn together, and also the lines that arrive during a write. */
function append(lines) {
  if (waiting === null) {
    waiting = { text: '' };
    waiting.written = new Promise((resolve, reject) => Object.assign(waiting, { resolve, reject }));
    if (!isWriting) setImmediate(writeWaiting);
  }
  waiting.text += lines;
  return waiting.written;
}

function writeWaiting() {
  const { text, resolve, reject } = waiting;
  waiting = null;
  isWriting = true;
  const bytes = Buffer.from(text);
  write(file, bytes, (error, written) => {
    isWriting = false;
    if (waiting !== null) setImmediate(writeWaiting);
    if (!error && written === bytes.length) resolve();
    else reject(error ?? new Error('Only a part of the audit event was written.'));
  });
}
