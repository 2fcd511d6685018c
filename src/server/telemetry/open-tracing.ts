import type { Logger } from 'pino';
import { inTime } from '../../access/policy.js';
import { ConfigurationError } from '../config/environment.js';
import { requirePackages } from '../config/require-packages.js';
import { createTracing, type Tracing } from './tracing.js';
import { createDiagnostics } from './diagnostics.js';

/** Versions that run on Node 20. */
const PACKAGES = '@opentelemetry/api@1.9 @opentelemetry/sdk-node@0.223';
/** Where every copy of OpenTelemetry's API, version 1, keeps what is registered with it. */
const REGISTRY = Symbol.for('opentelemetry.js.api.1');
/** How long a shutdown waits for the collector, in milliseconds. */
const MAX_FLUSH_MS = 2_000;

/**
 * Traces by the SDK that somebody has registered in this process, by `--import` say.
 *
 * @returns null where nobody has: then nothing is loaded
 */
export async function findTracing(): Promise<Tracing | null> {
  if (!isRegistered()) return null;
  const api = await import('@opentelemetry/api');
  const provider = api.trace.getTracerProvider() as Partial<InstanceType<typeof api.ProxyTracerProvider>>;
  const delegate = (provider.getDelegate?.() ?? provider) as { forceFlush?(): Promise<void> };
  // Its end is for whoever began it.
  return createTracing(api, async () => withinFlushTime(delegate.forceFlush?.()));
}

/**
 * Traces by the SDK that is registered, or else, if the standard variables ask for it, by one of our own. It reads them.
 *
 * @throws {ConfigurationError} if the packages are missing, or the variables name no exporter
 */
export async function openTracing(isAsked: boolean, logger: Logger): Promise<Tracing | null> {
  const registered = await findTracing();
  return registered ?? (isAsked ? startSdk(logger) : null);
}

/**
 * Loads the SDK that is started where none is registered.
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
    // Not those of the process and the host: they tell its arguments and paths. What the variables name comes last.
    resourceDetectors: [resources.serviceInstanceIdDetector, resources.envDetector],
    // None, of which its types do not know: spans are handed on by hand.
    contextManager: null as never,
    // Traces alone: metrics are for Prometheus, logs go to standard output.
    metricReaders: [],
    logRecordProcessors: [],
  });
  // After the SDK is made, which may have set one that prints everything.
  api.diag.setLogger(createDiagnostics(logger), {
    logLevel: api.DiagLogLevel.WARN,
    suppressOverrideMessage: true,
  });
  sdk.start();
  if (isRegistered()) return createTracing(api, async () => withinFlushTime(sdk.shutdown()));
  throw new ConfigurationError(['OTEL_TRACES_EXPORTER names no exporter of the SDK: otlp, console, or none']);
}

function isRegistered(): boolean {
  const registry = Reflect.get(globalThis, REGISTRY) as { readonly trace?: unknown } | undefined;
  return registry?.trace !== undefined;
}

/** Waits for the collector, but not longer than a shutdown may take; what is lost is lost. */
async function withinFlushTime(flushed: Promise<void> = Promise.resolve()): Promise<void> {
  await inTime(flushed, MAX_FLUSH_MS, () => null).catch(() => undefined);
}
