import { expect, it } from 'vitest';

import { type CallOutcome, createBreaker } from '../../src/platform/breaker.js';

function createTimed() {
  let now = 1_000_000;
  let admissions = 0;
  const changes: string[] = [];
  const failedProbes: string[] = [];
  const breaker = createBreaker(
    (event) =>
      (event.type === 'breaker' ? changes : failedProbes).push(event.type === 'breaker' ? event.state : event.cause),
    () => now,
  );
  const admit = (name: string) => {
    breaker.admit(name);
    return (outcome: CallOutcome, cause = 'HTTP 503') => breaker.settle(name, outcome, cause);
  };
  return {
    changes,
    failedProbes,
    pass: (ms: number) => void (now += ms),
    call: (outcome: CallOutcome, times = 1) => {
      for (let index = 0; index < times; index += 1) admit(`connection-${index % 5}`)(outcome);
    },
    admit: (name = `connection-${(admissions += 1)}`) => admit(name),
  };
}

it('opens if at least half of ten or more calls within 10 s failed', () => {
  const { call, changes, admit } = createTimed();
  call('down', 9);
  expect(changes).toEqual([]);
  call('down');
  expect(changes).toEqual(['open']);
  expect(admit).toThrow(
    expect.objectContaining({ code: 'PLATFORM_UNAVAILABLE', reason: 'BREAKER_OPEN', retryAfterMs: 2_000 }),
  );
});

it('stays closed while more than half of the calls succeed, and ignores calls with an unknown outcome', () => {
  const { call, changes } = createTimed();
  call('unknown', 100);
  call('up', 60);
  call('down', 59);
  expect(changes).toEqual([]);
  call('down');
  expect(changes).toEqual(['open']);
});

it('ignores calls older than 10 s', () => {
  const { call, pass, changes } = createTimed();
  call('down', 9);
  pass(10_000);
  call('down', 9);
  expect(changes).toEqual([]);
  pass(5_000);
  call('down');
  expect(changes).toEqual(['open']);
});

it('allows one probe every 2 s, even while an earlier one hangs, and closes after the first success', () => {
  const { call, pass, changes, admit } = createTimed();
  call('down', 10);
  pass(2_000);
  const hanging = admit();
  expect(admit).toThrow();
  pass(2_000);
  const second = admit();
  expect(admit).toThrow();
  second('down');
  expect(changes).toEqual(['open']);
  pass(2_000);
  admit()('up');
  expect(changes).toEqual(['open', 'closed']);
  // The failures of the outage no longer count, so nine more do not open the breaker.
  hanging('down');
  call('down', 8);
  expect(changes).toEqual(['open', 'closed']);
});

it('stays open after a probe with an unknown outcome', () => {
  const { call, pass, changes, admit } = createTimed();
  call('down', 10);
  pass(2_000);
  admit()('unknown');
  expect(changes).toEqual(['open']);
  expect(admit).toThrow();
});

it('stays closed while all failures belong to only four connections', () => {
  const { changes, admit } = createTimed();
  for (let index = 0; index < 1_000; index += 1) admit(`broken-${index % 4}`)('down');
  expect(changes).toEqual([]);
  admit('broken-4')('down');
  expect(changes).toEqual(['open']);
});

it('refuses to probe the same connection again after 2 s, but probes another one', () => {
  const { call, pass, admit, changes } = createTimed();
  call('down', 10);
  pass(2_000);
  admit('broken')('down');
  pass(2_000);
  expect(() => admit('broken')).toThrow(expect.objectContaining({ retryAfterMs: 2_000 }));
  admit('sound')('up');
  expect(changes).toEqual(['open', 'closed']);
});

it('probes the same connection again after 4 s', () => {
  const { call, pass, admit, changes } = createTimed();
  call('down', 10);
  pass(2_000);
  admit('only')('down');
  pass(4_000);
  admit('only')('up');
  expect(changes).toEqual(['open', 'closed']);
});

it('reports the cause of each failed probe, and not that of calls that started before it opened', () => {
  const { call, pass, failedProbes, admit } = createTimed();
  const straggler = admit('connection-1');
  call('down', 10);
  straggler('down', 'ECONNRESET');
  pass(4_000);
  admit('connection-2')('down', 'ECONNREFUSED');
  pass(4_000);
  admit('connection-3')('unknown', 'timeout');
  pass(4_000);
  admit('connection-2')('up');
  expect(failedProbes).toEqual(['ECONNREFUSED']);
});
