import type { Environment } from './environment.js';

const ENDPOINTS = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;
const ASKS_FOR_TRACES = [...ENDPOINTS, 'OTEL_TRACES_EXPORTER'] as const;

/** Returns whether the standard variables of OpenTelemetry enable traces. Its SDK reads the others. */
export function asksForTraces(environment: Environment): boolean {
  const isOff =
    environment['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true' ||
    environment['OTEL_TRACES_EXPORTER']?.trim() === 'none';
  return !isOff && ASKS_FOR_TRACES.some((name) => environment[name]);
}

/** Returns the problems of trace endpoints that are not URLs. For them, the SDK would export to localhost. */
export function findEndpointProblems(environment: Environment): [name: string, problem: string][] {
  if (!asksForTraces(environment)) return [];
  return ENDPOINTS.filter((name) => environment[name] && !URL.canParse(environment[name])).map((name) => [
    name,
    `${name} must be a URL such as http://127.0.0.1:4318`,
  ]);
}
