import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {FakeSource} from '../../../mobile-pwa/packages/vortex/test/fake-source.js';
import '../src/admin-tasks.js';
import type {AdminTasks} from '../src/admin-tasks.js';

const TASKS = '["admin.Task"]';
const COUNTS = '["admin.TaskCounts"]';
const TASK = {
  id: '12',
  plugin: 'tutorial',
  type: 'tutorial.Negate',
  state: 'dead',
  attempts: 5,
  mostAttempts: 5,
  progress: 0,
  step: null,
  reason: 'There is <b>no</b> pump.',
  worker: 'north',
  submittedAt: '2026-11-30T08:00:00Z',
  changedAt: '2026-11-30T08:01:00Z',
  dueAt: null,
  afterId: null,
  cancelling: false,
};

let source: FakeSource;
let tasks: AdminTasks;

beforeEach(async () => {
  source = new FakeSource();
  tasks = document.createElement('admin-tasks');
  tasks.source = source;
  document.body.append(tasks);
  await tasks.updateComplete;
});

afterEach(() => {
  tasks.remove();
});

function find(id: string, root: ParentNode | null = tasks.shadowRoot): HTMLElement | null {
  return root?.querySelector<HTMLElement>(`[data-testid="${id}"]`) ?? null;
}

test('tasks are listed with their states and reasons, and no task is said so', async () => {
  source.rows(COUNTS, [{queued: 0, running: 0, done: 1234, failed: 0, dead: 1}]);
  source.rows(TASKS, []);
  await tasks.updateComplete;
  expect(find('tasks-empty')).not.toBeNull();
  expect(find('count-done')?.textContent.trim()).toMatch(/^1,234\s*done$/);

  source.rows(TASKS, [
    TASK,
    {...TASK, id: '13', state: 'running', progress: 0.5, step: 'filling', reason: null},
    {...TASK, id: '14', state: 'queued', attempts: 0, reason: null, worker: null, afterId: '13'},
  ]);
  await tasks.updateComplete;
  expect(find('task-12')?.textContent).toMatch(/Negate\s*tutorial · number 12/);
  expect(find('task-reason')?.textContent).toBe('There is <b>no</b> pump.');
  expect(find('task-13')?.textContent).toContain('filling');
  expect(find('task-13')?.querySelector('progress')?.value).toBe(0.5);
  expect(find('task-14')?.textContent).toContain('after task 13');
});

test('the button of a state shows its tasks only', async () => {
  source.rows(COUNTS, [{queued: 0, running: 0, done: 0, failed: 0, dead: 1}]);
  await tasks.updateComplete;
  find('count-dead')?.click();
  await tasks.updateComplete;
  expect(find('count-dead')?.getAttribute('aria-pressed')).toBe('true');
  source.rows('["admin.Task","state","dead"]', [TASK]);
  await tasks.updateComplete;
  expect(find('task-12')).not.toBeNull();
});

test('a dead task is tried again, and others are cancelled after a question', async () => {
  source.rows(TASKS, [TASK, {...TASK, id: '13', state: 'queued'}, {...TASK, id: '14', state: 'done'}]);
  await tasks.updateComplete;
  expect(find('retry-14')).toBeNull();
  expect(find('cancel-14')).toBeNull();
  find('retry-12')?.click();
  await vi.waitFor(() => {
    expect(source.acted).toEqual([{type: 'admin.RetryTask', fields: {id: '12'}}]);
  });

  find('cancel-13')?.click();
  find('confirm-no', document)?.click();
  await Promise.resolve();
  expect(source.acted).toHaveLength(1);
  find('cancel-13')?.click();
  find('confirm-yes', document)?.click();
  await vi.waitFor(() => {
    expect(source.acted[1]).toEqual({type: 'admin.CancelTask', fields: {id: '13'}});
  });
});
