import type {Negation} from './tuples.js';

/** How the task stands that workers were last given, in words. */
export function negationText(rows: readonly Negation[]): string {
  const task = rows[0];
  if (task === undefined) {
    return 'No task has been submitted yet.';
  }
  const number = String(task.number);
  switch (task.state) {
    case 'QUEUED':
      return `The task to negate ${number} waits for a worker.`;
    case 'RUNNING':
      return `A worker negates ${number}.`;
    case 'DONE':
      return `A worker negated ${number}: ${String(task.result)}, at ${new Date(task.changedAt).toLocaleTimeString()}.`;
    case 'FAILED':
      return `Negating ${number} failed and is tried again: ${task.problem ?? ''}`;
    case 'DEAD':
      return `Negating ${number} was given up: ${task.problem ?? ''}`;
  }
}
