import type { Environment } from './environment.js';

const ENDPOINTS = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;
const ASKS_FOR_TRACES = [...ENDPOINTS, 'OTEL_TRACES_EXPORTER'] as const;

/** Tells whether the standard variables of OpenTelemetry ask for traces. What else they say its SDK understands. */
export function asksForTraces(environment: Environment): boolean {
  const isOff =
    environment['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true' ||
    environment['OTEL_TRACES_EXPORTER']?.trim() === 'none';
  return !isOff && ASKS_FOR_TRACES.some((name) => environment[name]);
}

/** Says by variable which endpoint for traces is no URL: the SDK would export to localhost instead. */
export function findEndpointProblems(environment: Environment): [name: string, problem: string][] {
  if (!asksForTraces(environment)) return [];
  return ENDPOINTS.filter((name) => environment[name] && !URL.canParse(environment[name])).map((name) => [
    name,
    `${name} must be a URL such as http://127.0.0.1:4318`,
  ]);
}
