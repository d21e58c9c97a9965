import {TupleController} from '@peek/vortex';
import type {TupleSource} from '@peek/vortex';
import {confirm} from '@peek/ui';
import {css, html, LitElement, nothing} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';
import {actFor} from './acting.js';

const STATES = ['queued', 'running', 'failed', 'dead', 'done'] as const;
type TaskState = (typeof STATES)[number];

interface TaskRow {
  readonly id: string;
  readonly plugin: string;
  readonly type: string;
  readonly state: TaskState;
  readonly attempts: number;
  readonly mostAttempts: number;
  /** From 0 to 1. */
  readonly progress: number;
  readonly step?: string | null;
  readonly reason?: string | null;
  readonly worker?: string | null;
  readonly submittedAt: string;
  readonly changedAt: string;
  readonly dueAt?: string | null;
  readonly afterId?: string | null;
  readonly cancelling: boolean;
}

type TaskCounts = Readonly<Record<TaskState, number>>;

const MEANING: Readonly<Record<TaskState, string>> = {
  queued: 'waits to be done',
  running: 'a worker is at it',
  failed: 'waits for its next attempt',
  dead: 'given up',
  done: 'done',
};
const TONES: Readonly<Record<TaskState, 'good' | 'busy' | 'warning' | 'bad' | 'neutral'>> = {
  queued: 'neutral',
  running: 'busy',
  failed: 'warning',
  dead: 'bad',
  done: 'good',
};
/** As many as the server lists. */
const MOST = 200;

/**
 * The tasks of all plugins: how many are in each state, the latest of them, and what can be done to them.
 *
 * @element admin-tasks
 */
@customElement('admin-tasks')
export class AdminTasks extends LitElement {
  static override styles = css`
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      align-content: start;
      gap: var(--peek-space-4);
    }

    h1 {
      margin: 0;
      font-size: var(--peek-type-display);
      font-weight: 650;
      line-height: 1.25;
    }

    .states {
      display: flex;
      flex-wrap: wrap;
      gap: var(--peek-space-2);
    }

    .states button {
      display: flex;
      align-items: baseline;
      gap: var(--peek-space-2);
      min-height: 44px;
      padding: 0 var(--peek-space-3);
      border: 1px solid var(--peek-color-border);
      border-radius: var(--peek-radius-small);
      background: var(--peek-color-surface);
      color: var(--peek-color-text);
      font: inherit;
      line-height: 44px;
      cursor: pointer;
    }

    .states button:hover {
      background: var(--peek-color-hover);
    }

    .states button[aria-pressed='true'] {
      border-color: var(--peek-color-accent);
      background: var(--peek-color-accent-soft);
      color: var(--peek-color-accent);
    }

    .states button:focus-visible {
      outline: 2px solid var(--peek-color-focus);
      outline-offset: 2px;
    }

    .states b {
      font-variant-numeric: tabular-nums;
    }

    .scroll {
      border: 1px solid var(--peek-color-border);
      border-radius: var(--peek-radius-large);
      overflow: hidden;
      background: var(--peek-color-surface);
    }

    table {
      width: 100%;
      border-collapse: collapse;
    }

    th {
      padding: var(--peek-space-2) var(--peek-space-4);
      background: var(--peek-color-surface-sunken);
      color: var(--peek-color-text-muted);
      font-size: var(--peek-type-small);
      text-align: start;
    }

    td {
      padding: var(--peek-space-2) var(--peek-space-4);
      border-top: 1px solid var(--peek-color-border);
      overflow-wrap: anywhere;
      vertical-align: top;
    }

    td.end {
      width: 1px;
      padding-left: 0;
      white-space: nowrap;
    }

    .title {
      display: block;
      font-weight: 600;
    }

    .muted,
    .note {
      color: var(--peek-color-text-muted);
      font-size: var(--peek-type-small);
    }

    .note {
      display: block;
    }

    p {
      margin: 0;
    }

    progress {
      display: block;
      width: 100%;
      max-width: 160px;
      margin-top: var(--peek-space-1);
      accent-color: var(--peek-color-accent);
    }

    time {
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
    }

    @media (max-width: 760px) {
      thead {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }

      tr {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: var(--peek-space-1) var(--peek-space-2);
        padding: var(--peek-space-3) var(--peek-space-2) var(--peek-space-3) var(--peek-space-4);
      }

      tbody tr + tr {
        border-top: 1px solid var(--peek-color-border);
      }

      td {
        padding: 0;
        border: 0;
        grid-column: 1 / -1;
      }

      td:first-child {
        grid-column: 1;
      }

      td.end {
        width: auto;
        grid-column: 2;
        grid-row: 1;
      }

      td[data-label]::before {
        content: attr(data-label) ': ';
        color: var(--peek-color-text-muted);
        font-size: var(--peek-type-small);
      }
    }
  `;

  @property({attribute: false}) source!: TupleSource;
  @state() private wanted: TaskState | null = null;

  readonly #counts = new TupleController<TaskCounts>(
    this,
    () => this.source,
    () => ({type: 'admin.TaskCounts'}),
  );
  readonly #tasks = new TupleController<TaskRow>(
    this,
    () => this.source,
    () => (this.wanted === null ? {type: 'admin.Task'} : {type: 'admin.Task', key: {state: this.wanted}}),
  );

  override render(): unknown {
    const {state: counts} = this.#counts;
    const known = counts.kind === 'rows' ? counts.rows[0] : undefined;
    return html`<h1>Tasks</h1>
      ${known === undefined ? nothing : this.#renderStates(known)} ${this.#renderTasks()}`;
  }

  #renderStates(counts: TaskCounts): unknown {
    return html`<div class="states" role="group" aria-label="Show only tasks that are">
      ${STATES.map(
        (each) =>
          html`<button
            type="button"
            title=${MEANING[each]}
            aria-pressed=${this.wanted === each ? 'true' : 'false'}
            data-testid="count-${each}"
            @click=${() => {
              this.wanted = this.wanted === each ? null : each;
            }}
          >
            <b>${counts[each].toLocaleString('en')}</b>${each}
          </button>`,
      )}
    </div>`;
  }

  #renderTasks(): unknown {
    const {state: tasks} = this.#tasks;
    switch (tasks.kind) {
      case 'pending':
        return html`<peek-spinner label="Loading the tasks"></peek-spinner>`;
      case 'failed':
        return html`<peek-error heading="The tasks cannot be listed" .error=${tasks.error}></peek-error>`;
      case 'rows':
        return tasks.rows.length === 0
          ? html`<peek-empty
              heading=${this.wanted === null ? 'No tasks' : `No task is ${this.wanted}`}
              icon="queue"
              data-testid="tasks-empty"
            >
              Plugins queue tasks for workers. They are listed here until some time after they are over.
            </peek-empty>`
          : html`<div class="scroll">
                <table aria-label="Tasks" data-testid="tasks">
                  <thead>
                    <tr>
                      <th scope="col">Task</th>
                      <th scope="col">State</th>
                      <th scope="col">Attempts</th>
                      <th scope="col">Changed</th>
                      <th scope="col"><span class="muted"></span></th>
                    </tr>
                  </thead>
                  <tbody>
                    ${repeat(
                      tasks.rows,
                      (row) => row.id,
                      (row) => this.#renderTask(row),
                    )}
                  </tbody>
                </table>
              </div>
              ${
                tasks.rows.length < MOST
                  ? nothing
                  : html`<p class="muted">These are the ${MOST} that changed last. Choose a state to see others.</p>`
              }`;
    }
  }

  #renderTask(row: TaskRow): unknown {
    return html`<tr data-testid="task-${row.id}">
      <td>
        <span class="title">${row.type.slice(row.type.indexOf('.') + 1)}</span
        ><span class="muted">${row.plugin} · number ${row.id}</span>
      </td>
      <td>
        <peek-state .tone=${TONES[row.state]} data-testid="task-state"
          >${row.cancelling && row.state === 'running' ? 'being cancelled' : row.state}</peek-state
        >
        ${row.state === 'running' ? this.#renderProgress(row) : nothing}
        ${row.reason == null ? nothing : html`<span class="note" data-testid="task-reason">${row.reason}</span>`}
        ${waiting(row)}
      </td>
      <td data-label="Attempts">
        ${row.attempts} of ${row.mostAttempts}
        ${row.worker == null ? nothing : html`<span class="muted">on ${row.worker}</span>`}
      </td>
      <td data-label="Changed">${shortTime(row.changedAt)}</td>
      <td class="end">${this.#renderButton(row)}</td>
    </tr>`;
  }

  #renderProgress(row: TaskRow): unknown {
    return row.progress === 0 && row.step == null
      ? nothing
      : html`<progress max="1" .value=${row.progress} aria-label="Progress of task ${row.id}"></progress
          ><span class="note">${row.step ?? nothing}</span>`;
  }

  #renderButton(row: TaskRow): unknown {
    switch (row.state) {
      case 'done':
        return nothing;
      case 'dead':
        return html`<peek-button
          label="Try task ${row.id} again"
          data-testid="retry-${row.id}"
          @click=${() => this.#retry(row)}
          >Try again</peek-button
        >`;
      case 'queued':
      case 'running':
      case 'failed':
        return html`<peek-button
          label="Cancel task ${row.id}"
          data-testid="cancel-${row.id}"
          ?disabled=${row.cancelling}
          @click=${() => this.#cancel(row)}
          >Cancel</peek-button
        >`;
    }
  }

  async #retry(row: TaskRow): Promise<void> {
    await actFor(this, this.source, {type: 'admin.RetryTask', fields: {id: row.id}}, `Task ${row.id} is queued again.`);
  }

  async #cancel(row: TaskRow): Promise<void> {
    const sure = await confirm({
      heading: `Cancel task ${row.id}?`,
      text:
        row.state === 'running'
          ? 'Its worker is told to stop. It may still end as done. Tasks that wait for it are given up with it.'
          : 'It is given up, with the tasks that wait for it. You can have it tried again later.',
      yes: 'Cancel the task',
      danger: true,
    });
    if (sure) {
      await actFor(
        this,
        this.source,
        {type: 'admin.CancelTask', fields: {id: row.id}},
        row.state === 'running' ? `Task ${row.id} is told to stop.` : `Task ${row.id} is cancelled.`,
      );
    }
  }
}

function waiting(row: TaskRow): unknown {
  if (row.state !== 'queued' && row.state !== 'failed') {
    return nothing;
  }
  if (row.afterId != null) {
    return html`<span class="note">after task ${row.afterId}</span>`;
  }
  return row.dueAt == null ? nothing : html`<span class="note">not before ${shortTime(row.dueAt)}</span>`;
}

function shortTime(iso: string): unknown {
  const time = new Date(iso);
  return html`<time datetime=${iso}
    >${Number.isNaN(time.getTime()) ? iso : time.toLocaleString([], {dateStyle: 'medium', timeStyle: 'medium'})}</time
  >`;
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-tasks': AdminTasks;
  }
}
