import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';

import { parseDocument } from '../../docs/build/site/document.js';
import { type Exposition, scrape } from '../support/exposition.js';
import { startProcess, type TestGateway } from '../support/gateway.js';
import { Connections } from '../support/operations.js';
import { listNames, readRows } from '../support/page.js';
import { parsePromql } from '../support/promql.js';
import { until } from '../support/until.js';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string; readonly thresholds?: object } };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

interface Dashboard {
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
  readonly panels: readonly Panel[];
}

interface Alerts {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly for: string;
      readonly labels: { readonly severity: string };
      readonly annotations: { readonly summary: string; readonly description: string; readonly runbook: string };
    }[];
  }[];
}

const { templating, panels } = JSON.parse(readFileSync('docs/dashboards/xkit-graphql.json', 'utf8')) as Dashboard;
const { groups } = parse(readFileSync('docs/dashboards/alerts.yaml', 'utf8')) as Alerts;
const alerts = groups.flatMap(({ rules }) => rules);
const charts = panels.filter(({ type }) => type !== 'row');
/** Replaces Grafana's own variables by a value, as Grafana does. */
const fill = (expression: string) => expression.replace(/\$__(?:rate_interval|range)/g, '5m');
const queries = charts.flatMap(({ targets = [] }) => targets);

let gateway: TestGateway;
let metrics: Exposition;
beforeAll(async () => {
  gateway = await startProcess({ XKIT_METRICS_PORT: '0' });
  const key = (connectorSlug: string) => ({ ownerKind: 'USER' as const, ownerId: 'alice', connectorSlug });
  gateway.sandbox.faults.add({ connectorSlug: 'salesforce', status: 503 });
  await until(async () => {
    await gateway.send(Connections, { keys: ['slack', 'github', 'salesforce'].map(key) });
    metrics = await scrape(gateway);
    // These metrics appear only after the first garbage collection.
    return metrics.samples.some(({ name }) => name.startsWith('nodejs_gc_'));
  });
});
afterAll(() => gateway.close());

/** Returns the values of a label of a metric. */
const valuesOf = (metric: string, label: string) =>
  metrics.samples.filter(({ name }) => name === metric).map(({ labels }) => labels[label]);

it.each([...queries, ...alerts])(
  'queries only metrics, labels and values that a gateway exports: $expr',
  ({ expr }) => {
    const { selectors, groupedBy } = parsePromql(fill(expr));
    expect(selectors.length).toBeGreaterThan(0);
    const grouping = new Set(groupedBy);
    for (const { metric, matchers } of selectors) {
      const sample = metrics.samples.find(({ name }) => name === metric);
      expect([metric, sample?.name]).toEqual([metric, metric]);
      // Prometheus adds the source of each sample.
      const labels = ['job', 'instance', ...Object.keys(sample?.labels ?? {})];
      for (const label of labels) grouping.delete(label);
      for (const { label, operator, value } of matchers) {
        expect(labels).toContain(label);
        if (value.startsWith('$')) continue;
        for (const alternative of operator === '=~' ? value.split('|') : [value]) {
          const isShown = valuesOf(metric, label).some((shown) => new RegExp(`^(?:${alternative})$`).test(shown ?? ''));
          expect([label, alternative, isShown]).toEqual([label, alternative, true]);
        }
      }
    }
    expect([...grouping]).toEqual([]);
  },
);

it('reads the selectors and labels of an expression, and refuses invalid PromQL', () => {
  expect(() => parsePromql('sum by (code (x)')).toThrow('No PromQL');
  expect(parsePromql('sum by (code) (rate(made_up{status=~"5xx|none"}[5m])) > on (job) up')).toEqual({
    selectors: [
      { metric: 'made_up', matchers: [{ label: 'status', operator: '=~', value: '5xx|none' }] },
      { metric: 'up', matchers: [] },
    ],
    groupedBy: ['code', 'job'],
  });
});

it('queries every metric of the gateway, and uses only grouping labels in legends', () => {
  const own = new Set(metrics.samples.map(({ name }) => name).filter((name) => name.startsWith('xkit_graphql_')));
  const asked = queries.flatMap(({ expr }) => parsePromql(fill(expr)).selectors.map(({ metric }) => metric));
  const isPart = (name: string) => /_(?:sum|count|bucket)$/.test(name);
  for (const name of own) if (!isPart(name)) expect(asked).toContain(name);
  for (const { expr, legendFormat } of queries) {
    const labels = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
    expect(parsePromql(fill(expr)).groupedBy).toEqual(expect.arrayContaining(labels));
  }
});

it('is importable with any data source, and each panel has a description, a unit, thresholds and its own position', () => {
  expect(templating.list.map(({ name }) => name)).toEqual(['datasource', 'job', 'instance']);
  for (const { definition } of templating.list.slice(1)) {
    expect(definition).toMatch(/^label_values\(xkit_graphql_operations_total\b/);
  }
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const { description, datasource, fieldConfig } of charts) {
    expect(description).toMatch(/\.$/);
    expect(datasource?.uid).toBe('${datasource}');
    expect(fieldConfig?.defaults.unit).toBeTruthy();
    expect(fieldConfig?.defaults.thresholds).toBeTruthy();
  }
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
});

it('has alerts with a waiting time, a description and a runbook that exists', () => {
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  for (const { alert, for: wait, annotations } of alerts) {
    expect(alert).toMatch(/^Xkit[A-Za-z]+$/);
    expect(wait).toMatch(/^\d+m$/);
    expect(annotations.description).toMatch(/\.$/);
    const [path = '', anchor] = annotations.runbook.split('#');
    const { headings } = parseDocument(readFileSync(path, 'utf8'));
    expect(headings.map((heading) => heading.anchor)).toContain(anchor);
  }
});

it('has the alerts and severities that the documentation lists', () => {
  const listed = readRows('docs/operations.md', 'Dashboard and alerts').flatMap((row) =>
    listNames([row]).map((name) => [name, row[1]]),
  );
  const actual = alerts.map(({ alert, labels }) => [alert, labels.severity]);
  expect(actual.toSorted()).toEqual(listed.toSorted());
});
