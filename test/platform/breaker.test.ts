import { expect, it } from 'vitest';

import { type CallOutcome, createBreaker } from '../../src/platform/breaker.js';

function createTimed() {
  let now = 1_000_000;
  let admissions = 0;
  const changes: string[] = [];
  const breaker = createBreaker(
    (state) => changes.push(state),
    () => now,
  );
  const admit = (name: string) => {
    breaker.admit(name);
    return (outcome: CallOutcome) => breaker.settle(name, outcome);
  };
  return {
    changes,
    pass: (ms: number) => void (now += ms),
    call: (outcome: CallOutcome, times = 1) => {
      for (let index = 0; index < times; index += 1) admit(`connection-${index % 5}`)(outcome);
    },
    admit: (name = `connection-${(admissions += 1)}`) => admit(name),
  };
}

it('opens when half of at least ten calls of 10 s failed', () => {
  const { call, changes, admit } = createTimed();
  call('down', 9);
  expect(changes).toEqual([]);
  call('down');
  expect(changes).toEqual(['open']);
  expect(admit).toThrow(
    expect.objectContaining({ code: 'PLATFORM_UNAVAILABLE', reason: 'BREAKER_OPEN', retryAfterMs: 2_000 }),
  );
});

it('stays closed while more than half succeed, or nothing is known', () => {
  const { call, changes } = createTimed();
  call('unknown', 100);
  call('up', 60);
  call('down', 59);
  expect(changes).toEqual([]);
  call('down');
  expect(changes).toEqual(['open']);
});

it('forgets what is older than 10 s', () => {
  const { call, pass, changes } = createTimed();
  call('down', 9);
  pass(10_000);
  call('down', 9);
  expect(changes).toEqual([]);
  pass(5_000);
  call('down');
  expect(changes).toEqual(['open']);
});

it('lets one probe through every 2 s, even while one before it hangs, and closes at the first answer', () => {
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
  // What the outage counted is forgotten: one more failure is no outage.
  hanging('down');
  call('down', 8);
  expect(changes).toEqual(['open', 'closed']);
});

it('does not take an abandoned probe for an answer', () => {
  const { call, pass, changes, admit } = createTimed();
  call('down', 10);
  pass(2_000);
  admit()('unknown');
  expect(changes).toEqual(['open']);
  expect(admit).toThrow();
});

it('does not open over the failures of four connections, however many', () => {
  const { changes, admit } = createTimed();
  for (let index = 0; index < 1_000; index += 1) admit(`broken-${index % 4}`)('down');
  expect(changes).toEqual([]);
  admit('broken-4')('down');
  expect(changes).toEqual(['open']);
});

it('probes what was probed last only if nothing else is asked for', () => {
  const { call, pass, admit, changes } = createTimed();
  call('down', 10);
  pass(2_000);
  admit('broken')('down');
  pass(2_000);
  expect(() => admit('broken')).toThrow(expect.objectContaining({ retryAfterMs: 2_000 }));
  admit('sound')('up');
  expect(changes).toEqual(['open', 'closed']);
});

it('probes it after twice the time all the same', () => {
  const { call, pass, admit, changes } = createTimed();
  call('down', 10);
  pass(2_000);
  admit('only')('down');
  pass(4_000);
  admit('only')('up');
  expect(changes).toEqual(['open', 'closed']);
});
