package org.peekplatform.api.task;

/// Where a task is. Every task is in one of these states, and ends as [#DONE] or [#DEAD].
public enum TaskState {
    /// Waits to be done: for a worker, for its time, or for the task before it.
    QUEUED,
    /// A worker is at it.
    RUNNING,
    /// Done, with its effect committed.
    DONE,
    /// The latest attempt failed; waits for the next one.
    FAILED,
    /// Given up, with a reason. An administrator may have it tried again.
    DEAD;

    /// Whether nothing more happens by itself.
    public boolean isOver() {
        return this == DONE || this == DEAD;
    }
}
