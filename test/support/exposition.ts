import { until } from './until.js';

/** One value of a metric, with its labels. */
interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The parsed metrics of a gateway. */
export interface Exposition {
  readonly text: string;
  readonly samples: readonly Sample[];
  /** Returns the value of the sample with exactly these labels, or 0 if there is none. */
  value(name: string, labels?: Record<string, string>): number;
}

const HELP = /^# HELP ([a-z_\d]+) (\S.*)$/;
const TYPE = /^# TYPE ([a-z_\d]+) (counter|gauge|histogram)$/;
// Prometheus accepts NaN in upper or lower case, and prom-client writes Nan.
const SAMPLE = /^([a-z_\d]+)(?:\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]\d+)?|Na[nN]|[+-]Inf)$/;
const LABEL = /^([a-z_]+)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/;

/**
 * Parses the text format of Prometheus, version 0.0.4, and checks it strictly. Each metric must have its help and its
 * type once, before its samples. Each sample must follow its metric and occur once. The buckets of a histogram must add
 * up.
 */
export function parseExposition(text: string): Exposition {
  if (!text.endsWith('\n')) throw new Error('The last line is not ended.');
  const types = new Map<string, string>();
  const samples = new Map<string, Sample>();
  let helped = '';
  let current = '';
  for (const line of text.split('\n').filter(Boolean)) {
    const help = HELP.exec(line);
    const type = TYPE.exec(line);
    if (help) helped = String(help[1]);
    else if (type) {
      current = String(type[1]);
      if (helped !== current || types.has(current)) throw new Error(`Not a metric of its own: ${line}`);
      types.set(current, String(type[2]));
    } else {
      const sample = parseSample(line);
      const ending = types.get(current) === 'histogram' ? /_(?:bucket|sum|count)$/ : /$/;
      const key = `${sample.name}${JSON.stringify(sample.labels)}`;
      if (sample.name.replace(ending, '') !== current || samples.has(key)) throw new Error(`Out of place: ${line}`);
      samples.set(key, sample);
    }
  }
  const list = [...samples.values()];
  for (const [name, type] of types) if (type === 'histogram') checkHistogram(name, list);
  return { text, samples: list, value: (name, labels = {}) => findValue(list, name, labels) };
}

function parseSample(line: string): Sample {
  const [, name = '', labelText = '', value = ''] = SAMPLE.exec(line) ?? [];
  if (name === '') throw new Error(`Not a sample: ${line}`);
  const labels: Record<string, string> = {};
  for (let rest = labelText; rest !== '';) {
    const [whole = '', label = '', text = ''] = LABEL.exec(rest) ?? [];
    if (whole === '' || label in labels) throw new Error(`Not labels: ${line}`);
    labels[label] = text;
    rest = rest.slice(whole.length);
  }
  return { name, labels, value: value.endsWith('Inf') ? Infinity : Number(value) };
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const last = new Map<string, number>();
  for (const { labels, value } of samples.filter((sample) => sample.name === `${name}_bucket`)) {
    const { le, ...others } = labels;
    const key = JSON.stringify(others);
    if (value < (last.get(key) ?? 0)) throw new Error(`Buckets of ${name} do not grow at ${le}.`);
    last.set(key, value);
    if (le === '+Inf' && value !== findValue(samples, `${name}_count`, others)) throw new Error(`Count of ${name}.`);
  }
}

function findValue(samples: readonly Sample[], name: string, labels: Readonly<Record<string, string>>): number {
  const fits = (sample: Sample) =>
    sample.name === name &&
    Object.keys(sample.labels).length === Object.keys(labels).length &&
    Object.entries(labels).every(([label, value]) => sample.labels[label] === value);
  return samples.find(fits)?.value ?? 0;
}

/** Reads the metrics of a gateway, after it has printed their URL. */
export async function scrape(gateway: { output(): string }): Promise<Exposition> {
  const response = await fetch(await until(() => metricsUrlOf(gateway) || null));
  if (response.headers.get('content-type') !== 'text/plain; version=0.0.4; charset=utf-8') {
    throw new Error(`Not the text format: ${response.status}`);
  }
  return parseExposition(await response.text());
}

/** Returns the URL of a gateway's metrics, or an empty string if it has not printed one. */
export function metricsUrlOf({ output }: { output(): string }): string {
  return /^Metrics at (\S+)$/m.exec(output())?.[1] ?? '';
}
