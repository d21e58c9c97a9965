package org.peekplatform.benchmarks.fan;

import java.io.IOException;

/// One of the two things compared: devices that are connected to it, and a way to make a change.
interface Side {
    Receipts receipts();

    /// Makes the next change. Does not wait.
    ///
    /// @param bytes how long the message about it should be; for who can choose
    void change(long bytes) throws IOException;

    /// Whether the change was confirmed to who made it.
    boolean confirmed();

    /// What the last message about a change took on each connection.
    long bytesPerChange();
}
