import {beforeEach, expect, test} from 'vitest';
import {ActionError, BridgeQueue} from '../src/index.js';
import type {ActionOutcome} from '../src/index.js';

let calls: string[];
let queue: BridgeQueue;

beforeEach(() => {
  calls = [];
  queue = new BridgeQueue({
    enqueue: (call, type, fields) => calls.push(`enqueue ${call} ${type} ${fields}`),
    sendAgain: (call, id) => calls.push(`sendAgain ${call} ${id}`),
    discard: (call, id) => calls.push(`discard ${call} ${id}`),
  });
});

async function outcomeOf(told: () => void): Promise<ActionOutcome> {
  const queued = queue.enqueue({type: 'tutorial.AddToInt', fields: {id: 7, amount: 1}});
  queue.page.answered('1', '12', '');
  const {id, outcome} = await queued;
  expect(id).toBe('12');
  told();
  return outcome;
}

test('an action is accepted when the workstation has stored it, and its outcome is told when it is known', async () => {
  const outcome = await outcomeOf(() => {
    queue.page.settled('1', 'applied', '', '', '[{"id":7}]');
  });
  expect(calls).toEqual(['enqueue 1 tutorial.AddToInt {"id":7,"amount":1}']);
  expect(outcome).toEqual({kind: 'applied', values: [{id: 7}]});
});

test('a rejection comes with its code and its sentence', async () => {
  const outcome = await outcomeOf(() => {
    queue.page.settled('1', 'rejected', 'LATE', 'Too late.', '');
  });
  expect(outcome).toEqual({kind: 'rejected', code: 'LATE', message: 'Too late.'});
});

test('an outcome that comes before the answer is not lost', async () => {
  const queued = queue.enqueue({type: 'tutorial.AddToInt', fields: {}});
  queue.page.settled('1', 'failed', 'INTERNAL', 'It failed.', '');
  queue.page.answered('1', '12', '');
  await expect((await queued).outcome).resolves.toEqual({kind: 'failed', code: 'INTERNAL', message: 'It failed.'});
});

test('what the workstation does not take is refused with its sentence', async () => {
  const queued = queue.enqueue({type: 'tutorial.AddToInt', fields: {}});
  queue.page.answered('1', '', 'The queue of this device is full.');
  await expect(queued).rejects.toEqual(new ActionError('refused', 'The queue of this device is full.'));
});

test('the list is told when it is whole, until the listener leaves', () => {
  let told = 0;
  const stop = queue.onChange(() => told++);
  queue.page.entry('12', 'tutorial.AddToInt', 'Add to int', 1700, 'sent', '', '');
  expect([told, queue.entries]).toEqual([0, []]);
  queue.page.entry('13', 'tutorial.AddToInt', 'Add to int', 1800, 'rejected', 'LATE', 'Too late.');
  queue.page.listed();
  expect(told).toBe(1);
  const plugin = 'tutorial';
  const type = 'tutorial.AddToInt';
  const label = 'Add to int';
  expect(queue.entries).toEqual([
    {id: '12', plugin, type, label, at: 1700, state: 'sent', problem: null},
    {id: '13', plugin, type, label, at: 1800, state: 'rejected', problem: {code: 'LATE', message: 'Too late.'}},
  ]);
  stop();
  queue.page.listed();
  expect([told, queue.entries]).toEqual([1, []]);
});

test('sending again and discarding are answered by the workstation', async () => {
  const again = queue.sendAgain('13');
  const discarded = queue.discard('12');
  expect(calls).toEqual(['sendAgain 1 13', 'discard 2 12']);
  queue.page.answered('2', '', 'It may have been made already.');
  queue.page.answered('1', '', '');
  await again;
  await expect(discarded).rejects.toThrow('It may have been made already.');
});
