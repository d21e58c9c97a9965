package org.peekplatform.api.task;

/// A Java process beside the worker, for tasks that may use up memory or end the process they run
/// in, such as those that call a library of native code.
///
/// @param megabytes of heap, 64 to 1,048,576; about 40 of them are taken by the platform
/// @param tasks how many it does, one after the other, until another takes its place; 1 to
///   1,000,000
public record OwnProcess(int megabytes, int tasks) {
    public OwnProcess {
        if (megabytes < 64 || megabytes > 1 << 20) {
            throw new IllegalArgumentException(
                    "megabytes " + megabytes + " is not from 64 to 1048576");
        }
        if (tasks < 1 || tasks > 1_000_000) {
            throw new IllegalArgumentException("tasks " + tasks + " is not from 1 to 1000000");
        }
    }
}
