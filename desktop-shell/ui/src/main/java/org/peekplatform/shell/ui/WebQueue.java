package org.peekplatform.shell.ui;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Registration;

/// The workstation's queue of actions as the pages of one plugin have it. Methods are called on the
/// JavaFX thread and do not block; listeners are called on any thread and must not either.
public interface WebQueue {
    /// Puts an action in.
    ///
    /// @param fields the action as JSON
    /// @param outcome told how it ended, if that happens in this run
    Put enqueue(String type, String fields, Consumer<Outcome> outcome);

    /// Puts an action that has failed in again, or sends one that waits without delay. Does nothing
    /// when there is none of that id.
    ///
    /// @return completes exceptionally with [PeekException]
    CompletableFuture<@Nullable Void> sendAgain(String id);

    /// Takes an action out, as [#sendAgain] puts it in.
    CompletableFuture<@Nullable Void> discard(String id);

    /// What is in the queue, in the order of arrival.
    List<Entry> first(int most);

    /// Calls `listener` after each change of the list.
    Registration onChange(Runnable listener);

    /// An action that was put in.
    ///
    /// @param stored completes with its id when it is on the disk, or exceptionally with
    ///   [PeekException]
    /// @param listening ends the telling of the outcome
    record Put(CompletableFuture<String> stored, Registration listening) {}

    /// How an action ended.
    ///
    /// @param result `applied`, `rejected` or `failed`
    /// @param code `null` when applied, as is `message`
    /// @param values JSON array when applied
    record Outcome(String result, @Nullable String code, @Nullable String message, String values) {}

    /// An action in the list.
    ///
    /// @param label what it does, for people
    /// @param state `waiting`, `sent`, `rejected` or `failed`
    /// @param code why it was not carried out, for now or for good; `null` as `message` is
    record Entry(
            String id,
            String type,
            String label,
            Instant at,
            String state,
            @Nullable String code,
            @Nullable String message) {}
}
