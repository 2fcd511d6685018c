/** A body that `Response` accepts. */
export type ResponseBody = ConstructorParameters<typeof Response>[0];

/** Describes an injected failure. Without `status`, `body`, and `disconnect`, the usual response follows, late. */
export interface Fault {
  /** Number of requests to hit. `Infinity` hits all until the fault is cleared. @default 1 */
  readonly times?: number;
  /** Share of the matching requests to hit at random, from 0 to 1. A spared request does not count. @default 1 */
  readonly share?: number;
  /** Hits only requests for this owner. */
  readonly ownerId?: string;
  /** Hits only requests for this connector. */
  readonly connectorSlug?: string;
  /** Delay in milliseconds; `Infinity` never responds. */
  readonly delayMs?: number;
  /** @default 200 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A function creates a new body for each request, which a stream needs. */
  readonly body?: ResponseBody | (() => ResponseBody);
  /** Milliseconds between two bytes of the body; `Infinity` stalls after the first byte. */
  readonly dripMs?: number;
  /** Closes the socket, before the response or in the middle of its body. */
  readonly disconnect?: 'before-response' | 'mid-body';
}

/** The faults that have requests left to hit. */
export interface Faults {
  /** Oldest first. */
  readonly waiting: readonly Fault[];
  add(fault: Fault): void;
  /** Returns the oldest fault that matches a request, or null. Removes it after its last request. */
  take(request: { readonly ownerId: string | null; readonly connectorSlug: string | null }): Fault | null;
  clear(): void;
}

/** Creates an empty list of faults. */
export function createFaults(): Faults {
  let waiting: { readonly fault: Fault; left: number }[] = [];
  return {
    get waiting() {
      return waiting.map(({ fault }) => fault);
    },
    add: (fault) => waiting.push({ fault, left: fault.times ?? 1 }),
    take: ({ ownerId, connectorSlug }) => {
      const next = waiting.find(
        ({ fault }) =>
          (fault.ownerId === undefined || fault.ownerId === ownerId) &&
          (fault.connectorSlug === undefined || fault.connectorSlug === connectorSlug) &&
          Math.random() < (fault.share ?? 1),
      );
      if (!next) return null;
      next.left -= 1;
      waiting = waiting.filter(({ left }) => left > 0);
      return next.fault;
    },
    clear: () => {
      waiting = [];
    },
  };
}

/** Applies a fault to a request. `answer` creates the usual response. Returns `Response.error()` for no response. */
export async function applyFault(
  fault: Fault,
  signal: AbortSignal,
  answer: () => Promise<Response>,
): Promise<Response> {
  await delay(fault.delayMs ?? 0, signal);
  if (fault.disconnect === 'before-response') return Response.error();
  const { body } = fault;
  const usual = body === undefined && fault.status === undefined;
  const response = usual
    ? await answer()
    : new Response(typeof body === 'function' ? body() : (body ?? null), {
        status: fault.status ?? 200,
        headers: { 'content-type': 'application/json', ...fault.headers },
      });
  if (fault.dripMs !== undefined) return drip(response, fault.dripMs, signal);
  return fault.disconnect === 'mid-body' ? await cutInHalf(response) : response;
}

async function drip(response: Response, ms: number, signal: AbortSignal): Promise<Response> {
  const whole = new Uint8Array(await response.arrayBuffer());
  let sent = 0;
  return withStream(response, whole.length, {
    pull: async (controller) => {
      if (sent > 0) await delay(ms, signal);
      if (signal.aborted || sent === whole.length) return controller.close();
      controller.enqueue(whole.subarray(sent, (sent += 1)));
    },
  });
}

async function cutInHalf(response: Response): Promise<Response> {
  const whole = new Uint8Array(await response.arrayBuffer());
  return withStream(response, whole.length, {
    start: (controller) => controller.enqueue(whole.subarray(0, whole.length / 2)),
    pull: async (controller) => {
      // The first half needs time to leave before the connection breaks.
      await new Promise((resolve) => setTimeout(resolve, 20));
      controller.error(new Error('The sandbox cut this body on purpose.'));
    },
  });
}

/** Replaces the body of a response with a stream that announces the full length. */
function withStream(response: Response, length: number, source: UnderlyingDefaultSource<Uint8Array>): Response {
  const headers = new Headers(response.headers);
  headers.set('content-length', String(length));
  return new Response(new ReadableStream(source), { status: response.status, headers });
}

/** Waits until the time has passed or the client disconnects. */
function delay(ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = ms === Infinity ? undefined : setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
