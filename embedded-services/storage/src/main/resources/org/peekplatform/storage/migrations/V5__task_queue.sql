-- Tells the queue of this system from those of others that use the same broker. One row, made by the first who needs it.
CREATE TABLE task_queue (
    one INTEGER NOT NULL PRIMARY KEY,
    system VARCHAR(36) NOT NULL
);
