import { expect, it } from 'vitest';

import { type Named, NameTable } from '../../src/platform/name-table.js';

interface Entry extends Named<Entry> {
  readonly id: number;
}

const createEntry = (name: string, id = 0): Entry => ({ name, id, next: null, bucket: 0 });

it('finds what was added by its name, and nothing else', () => {
  const table = new NameTable<Entry>();
  // More than there are buckets.
  const entries = Array.from({ length: 5_000 }, (_, id) => createEntry(`USER:user-${id}:slack`, id));
  for (const entry of entries) table.add(entry);
  for (const entry of entries) expect(table.find(entry.name)).toBe(entry);
  expect(table.find('USER:user-5000:slack')).toBeNull();
  expect(table.find('__proto__')).toBeNull();
  expect(table.find('')).toBeNull();
});

it('forgets what was taken out, in any order, and refers to it no longer', () => {
  const table = new NameTable<Entry>();
  const entries = Array.from({ length: 5_000 }, (_, id) => createEntry(`USER:user-${id}:slack`, id));
  for (const entry of entries) table.add(entry);
  for (const entry of entries) if (entry.id % 3 === 0) table.remove(entry);
  for (const entry of entries) {
    expect(table.find(entry.name)).toBe(entry.id % 3 === 0 ? null : entry);
    if (entry.id % 3 === 0) expect(entry.next).toBeNull();
  }
  for (const entry of entries.toReversed()) table.remove(entry);
  for (const entry of entries) expect(table.find(entry.name)).toBeNull();
});

it('has one of each name: the one that came last', () => {
  const table = new NameTable<Entry>();
  const [first, second] = [createEntry('same', 1), createEntry('same', 2)];
  table.add(first);
  table.add(second);
  expect(table.find('same')).toBe(second);
  table.remove(first);
  expect(table.find('same')).toBe(second);
  table.remove(second);
  expect(table.find('same')).toBeNull();
});
