import type { Logger } from 'pino';
import { inTime } from '../../access/policy.js';
import { ConfigurationError } from '../config/environment.js';
import { requirePackages } from '../config/require-packages.js';
import { createTracing, type Tracing } from './tracing.js';
import { createDiagnostics } from './diagnostics.js';

/** Versions that run on Node 20. */
const PACKAGES = '@opentelemetry/api@1.9 @opentelemetry/sdk-node@0.223';
/** Global symbol under which every copy of the OpenTelemetry API v1 keeps its registrations. */
const REGISTRY = Symbol.for('opentelemetry.js.api.1');
/** Maximum time that a shutdown waits for the collector, in milliseconds. */
const MAX_FLUSH_MS = 2_000;

/**
 * Creates tracing with the SDK that is registered in this process, for example by `--import`. If there is none, loads
 * nothing and returns null.
 */
export async function findTracing(): Promise<Tracing | null> {
  if (!isRegistered()) return null;
  const api = await import('@opentelemetry/api');
  const provider = api.trace.getTracerProvider() as Partial<InstanceType<typeof api.ProxyTracerProvider>>;
  const delegate = (provider.getDelegate?.() ?? provider) as { forceFlush?(): Promise<void> };
  // Only a flush: the code that started the SDK shuts it down.
  return createTracing(api, async () => withinFlushTime(delegate.forceFlush?.()));
}

/**
 * Creates tracing with the registered SDK or else, if `isAsked`, with our own, which reads the standard variables.
 *
 * @throws {ConfigurationError} if the packages are missing, or the variables name no exporter
 */
export async function openTracing(isAsked: boolean, logger: Logger): Promise<Tracing | null> {
  const registered = await findTracing();
  return registered ?? (isAsked ? startSdk(logger) : null);
}

/**
 * Loads the SDK to start if none is registered.
 *
 * @throws {ConfigurationError} if its packages are missing
 */
export function loadSdk() {
  return requirePackages(
    Promise.all([import('@opentelemetry/api'), import('@opentelemetry/sdk-node')]),
    'Tracing (OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER)',
    PACKAGES,
  );
}

async function startSdk(logger: Logger): Promise<Tracing> {
  const [api, { NodeSDK, resources }] = await loadSdk();
  const sdk = new NodeSDK({
    resource: resources.defaultResource().merge(resources.resourceFromAttributes({ 'service.name': 'xkit-graphql' })),
    // Not the process and host detectors, which report arguments and paths. The last one, the environment, wins.
    resourceDetectors: [resources.serviceInstanceIdDetector, resources.envDetector],
    // No context manager, although the types do not allow null: spans are passed explicitly.
    contextManager: null as never,
    // Traces only: Prometheus reads the metrics, and logs go to standard output.
    metricReaders: [],
    logRecordProcessors: [],
  });
  // After the constructor of the SDK, which may set a logger that prints everything.
  api.diag.setLogger(createDiagnostics(logger), {
    logLevel: api.DiagLogLevel.WARN,
    suppressOverrideMessage: true,
  });
  sdk.start();
  if (isRegistered()) return createTracing(api, async () => withinFlushTime(sdk.shutdown()));
  throw new ConfigurationError(['OTEL_TRACES_EXPORTER must name an exporter of the SDK: otlp, console, or none']);
}

function isRegistered(): boolean {
  const registry = Reflect.get(globalThis, REGISTRY) as { readonly trace?: unknown } | undefined;
  return registry?.trace !== undefined;
}

/** Waits for the collector for a bounded time. Spans that it has not received by then are lost. */
async function withinFlushTime(flushed: Promise<void> = Promise.resolve()): Promise<void> {
  await inTime(flushed, MAX_FLUSH_MS, () => null).catch(() => undefined);
}
