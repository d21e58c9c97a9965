import {afterEach, beforeEach, expect, test} from 'vitest';
import {FakeQueue} from '../../vortex/test/fake-source.js';
import type {QueuedAction} from '../../vortex/src/source.js';
import '../src/peek-queue-status.js';
import type {PeekQueueStatus} from '../src/peek-queue-status.js';

let queue: FakeQueue;
let status: PeekQueueStatus;

beforeEach(async () => {
  queue = new FakeQueue();
  status = document.createElement('peek-queue-status');
  status.queue = queue;
  document.body.append(status);
  await status.updateComplete;
});

afterEach(() => {
  document.body.replaceChildren();
});

function entry(id: string, state: QueuedAction['state'], message?: string): QueuedAction {
  const problem = message === undefined ? null : {code: 'X', message};
  return {id, plugin: 'tutorial', type: 'tutorial.AddToInt', label: `Change ${id}`, at: 0, state, problem};
}

function find(id: string, within: ParentNode | null = status.shadowRoot): HTMLElement | null {
  return within?.querySelector<HTMLElement>(`[data-testid="${id}"]`) ?? null;
}

async function holds(...entries: QueuedAction[]): Promise<void> {
  queue.holds(entries);
  await status.updateComplete;
}

test('takes no room while nothing waits, and counts what does', async () => {
  expect(find('queue')).toBeNull();
  await holds(entry('1', 'waiting'), entry('2', 'sent'));
  expect(find('queue-count')?.textContent).toBe('2');
  expect(find('queue')).toMatchObject({label: '2 changes on this device not sent yet'});
  await holds(entry('1', 'rejected', 'No.'));
  expect(find('queue')).toMatchObject({label: '1 change on this device, some need attention'});
  await holds();
  expect(find('queue')).toBeNull();
});

test('lists each change with its state and why, and says so when all are made', async () => {
  await holds(entry('1', 'waiting', 'The plugin is not running.'), entry('2', 'failed', 'Row 7 is gone.'));
  find('queue')?.click();
  await status.updateComplete;
  const items = [...(find('queue-list')?.querySelectorAll('li') ?? [])];
  const words = items.map((item) =>
    [...item.querySelectorAll('.label, peek-state, .why')].map((each) => each.textContent),
  );
  expect(words).toEqual([
    ['Change 1', 'Waiting', 'The plugin is not running.'],
    ['Change 2', 'Failed', 'Row 7 is gone.'],
  ]);
  await holds();
  expect(find('queue-empty')?.textContent).toBe('All changes have been made.');
});

test('sends again at once, and discards after a question', async () => {
  await holds(entry('1', 'rejected', 'No.'));
  find('queue')?.click();
  await status.updateComplete;
  find('queue-again')?.click();
  expect(queue.sentAgain).toEqual(['1']);

  find('queue-discard')?.click();
  find('confirm-no', document)?.click();
  await Promise.resolve();
  expect(queue.discarded).toEqual([]);
  find('queue-discard')?.click();
  find('confirm-yes', document)?.click();
  await new Promise((resolve) => setTimeout(resolve));
  expect(queue.discarded).toEqual(['1']);
});

test('what is on its way can neither be sent again nor discarded', async () => {
  await holds(entry('1', 'sent'));
  find('queue')?.click();
  await status.updateComplete;
  expect(find('queue-again')).toBeNull();
  expect(find('queue-discard')).toBeNull();
});
