package org.peekplatform.api.task;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a task is queued. Begin with [#USUAL] and change what differs:
///
/// ```java
/// TaskOptions.USUAL.withUniqueKey(site).withAttempts(10).withDelay(Duration.ofMinutes(5))
/// ```
///
/// @param priority from -100 to 100; of the tasks that are due, higher ones are begun first, equal
///   ones in the order in which they were submitted
/// @param delay before the first attempt
/// @param deadline of each attempt; one that takes longer is interrupted and has failed with
///   `TIMED_OUT`
/// @param attempts how often it is tried before it is given up, 1 to 1000
/// @param backOff between the first attempt and the second; doubled for each further one, up to an
///   hour or `backOff` itself
/// @param uniqueKey as long as a task of the plugin with the same key is not over, submitting
///   another queues nothing; at most 200 characters; `null` for none
/// @param keep how long state and result can be asked for after the task is over
/// @param then queued with this task, and done when it is done
public record TaskOptions(
        int priority,
        Duration delay,
        Duration deadline,
        int attempts,
        Duration backOff,
        @Nullable String uniqueKey,
        Duration keep,
        @Nullable Then then) {
    /// Priority 0, at once, 10 minutes for an attempt, 5 attempts the second of which comes after
    /// 10 seconds, kept for a day.
    public static final TaskOptions USUAL =
            new TaskOptions(
                    0,
                    Duration.ZERO,
                    Duration.ofMinutes(10),
                    5,
                    Duration.ofSeconds(10),
                    null,
                    Duration.ofDays(1),
                    null);

    /// The task that follows. Dies when the one before it does, and is revived with it.
    ///
    /// @param options `delay` counts from the end of the task before; `then` goes on with the chain
    public record Then(TaskTuple task, TaskOptions options) {
        public Then {
            requireNonNull(task, "task");
            requireNonNull(options, "options");
        }
    }

    public TaskOptions {
        if (priority < -100 || priority > 100) {
            throw new IllegalArgumentException("priority " + priority + " is not from -100 to 100");
        }
        if (attempts < 1 || attempts > 1000) {
            throw new IllegalArgumentException("attempts " + attempts + " is not from 1 to 1000");
        }
        if (uniqueKey != null && (uniqueKey.isBlank() || uniqueKey.length() > 200)) {
            throw new IllegalArgumentException(
                    "uniqueKey '" + uniqueKey + "' does not have 1 to 200 characters");
        }
        require("delay", delay, !delay.isNegative());
        require("deadline", deadline, deadline.isPositive());
        require("backOff", backOff, !backOff.isNegative());
        require("keep", keep, !keep.isNegative());
    }

    private static void require(String name, Duration value, boolean allowed) {
        if (!allowed || value.compareTo(Duration.ofDays(3660)) > 0) {
            throw new IllegalArgumentException(name + " cannot be " + value);
        }
    }

    public TaskOptions withPriority(int value) {
        return new TaskOptions(value, delay, deadline, attempts, backOff, uniqueKey, keep, then);
    }

    public TaskOptions withDelay(Duration value) {
        return new TaskOptions(priority, value, deadline, attempts, backOff, uniqueKey, keep, then);
    }

    public TaskOptions withDeadline(Duration value) {
        return new TaskOptions(priority, delay, value, attempts, backOff, uniqueKey, keep, then);
    }

    public TaskOptions withAttempts(int value) {
        return new TaskOptions(priority, delay, deadline, value, backOff, uniqueKey, keep, then);
    }

    public TaskOptions withBackOff(Duration value) {
        return new TaskOptions(priority, delay, deadline, attempts, value, uniqueKey, keep, then);
    }

    public TaskOptions withUniqueKey(String value) {
        return new TaskOptions(priority, delay, deadline, attempts, backOff, value, keep, then);
    }

    public TaskOptions withKeep(Duration value) {
        return new TaskOptions(
                priority, delay, deadline, attempts, backOff, uniqueKey, value, then);
    }

    public TaskOptions withThen(TaskTuple task, TaskOptions options) {
        return new TaskOptions(
                priority,
                delay,
                deadline,
                attempts,
                backOff,
                uniqueKey,
                keep,
                new Then(task, options));
    }
}
