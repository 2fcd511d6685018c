// Requests to the platform, with a deadline for each operation, a timeout for each attempt, and two retries.
import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';

import { PLATFORM_HEADERS, PLATFORM_URL } from '../schema.js';
import { refuse } from './errors.js';
import { observeRequest } from './metrics.js';

/** Time limit for all platform requests of an operation, in milliseconds. */
const DEADLINE_MS = 8_000;
/** Timeout of connecting, of the response's headers, and of each part of its body, in milliseconds. */
const ATTEMPT_TIMEOUT_MS = 5_000;
const MAX_RETRIES = 2;
/** Maximum back-off before the first retry, in milliseconds. It doubles with each retry. */
const BASE_DELAY_MS = 100;

const CONNECTION_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
]);

const pool = new Pool(PLATFORM_URL.origin, {
  connections: 256,
  connect: { timeout: ATTEMPT_TIMEOUT_MS },
  headersTimeout: ATTEMPT_TIMEOUT_MS,
  bodyTimeout: ATTEMPT_TIMEOUT_MS,
});

/**
 * The deadline of an operation, which aborts all its requests. It is an EventEmitter, which undici accepts as a signal.
 * An AbortSignal compares each new listener with all others, and an operation has many.
 */
export class Deadline extends EventEmitter {
  aborted = false;
  #timer = setTimeout(() => {
    this.aborted = true;
    this.emit('abort');
  }, DEADLINE_MS);

  constructor() {
    super();
    this.setMaxListeners(0);
  }

  stop() {
    clearTimeout(this.#timer);
  }
}

/** Reads the platform's response. Returns null for a 404. Retries after a broken connection or a 5xx. */
export async function read(path, deadline) {
  for (let retries = 0; ; retries += 1) {
    const { answer, failure } = await attempt(path, deadline);
    if (failure === null) return answer;
    if (failure !== 'PLATFORM_UNAVAILABLE' || retries === MAX_RETRIES) throw refuse(failure);
    await pause(Math.random() * BASE_DELAY_MS * 2 ** retries);
  }
}

async function attempt(path, deadline) {
  const startedAt = performance.now();
  let status = 0;
  try {
    const { statusCode, body } = await pool.request({
      method: 'GET',
      path: PLATFORM_URL.pathname + path,
      headers: PLATFORM_HEADERS,
      signal: deadline,
    });
    status = statusCode;
    if (statusCode === 200) return { answer: await body.json(), failure: null };
    await body.dump();
    if (statusCode === 404) return { answer: null, failure: null };
    return { answer: null, failure: statusCode >= 500 ? 'PLATFORM_UNAVAILABLE' : 'PLATFORM_BAD_RESPONSE' };
  } catch (error) {
    return { answer: null, failure: toFailure(error) };
  } finally {
    observeRequest(status, startedAt);
  }
}

function toFailure(error) {
  if (CONNECTION_ERRORS.has(error.code)) return 'PLATFORM_UNAVAILABLE';
  return error instanceof SyntaxError ? 'PLATFORM_BAD_RESPONSE' : 'PLATFORM_TIMEOUT';
}
