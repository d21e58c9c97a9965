package org.peekplatform.shell.app;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.shell.ui.WebQueue;
import org.peekplatform.vortex.ActionGate;
import org.peekplatform.vortex.ActionQueue;

/// The workstation's queue for the pages of one plugin: the actions of this plugin, no others.
///
/// @param plugin its name
record ShellWebQueue(String plugin, WorkstationDevice.Queue queue) implements WebQueue {
    @Override
    public Put enqueue(String type, String fields, Consumer<Outcome> outcome) {
        if (!type.startsWith(plugin + ".")) {
            return refused(
                    new PeekException(
                            ErrorCode.BAD_REQUEST,
                            "The action "
                                    + type
                                    + " is not of the plugin '"
                                    + plugin
                                    + "'; a view queues actions of its own plugin only."));
        }
        return switch (queue) {
            case WorkstationDevice.Queue.Missing(PeekException why) -> refused(why);
            case WorkstationDevice.Queue.Open(ActionQueue actions) -> {
                try {
                    ActionQueue.Ticket ticket =
                            actions.enqueue(
                                    plugin,
                                    type,
                                    fields.getBytes(StandardCharsets.UTF_8),
                                    done -> outcome.accept(outcome(done)));
                    yield new Put(
                            ticket.stored()
                                    .thenApply(String::valueOf)
                                    .exceptionallyCompose(Workspace::inWords),
                            ticket.listening());
                } catch (PeekException e) {
                    yield refused(e);
                }
            }
        };
    }

    @Override
    public CompletableFuture<@Nullable Void> sendAgain(String id) {
        ActionQueue actions = has(id);
        return actions == null
                ? CompletableFuture.completedFuture(null)
                : actions.sendAgain(Long.parseLong(id)).exceptionallyCompose(Workspace::inWords);
    }

    @Override
    public CompletableFuture<@Nullable Void> discard(String id) {
        ActionQueue actions = has(id);
        return actions == null
                ? CompletableFuture.completedFuture(null)
                : actions.discard(Long.parseLong(id))
                        .<@Nullable Void>thenApply(was -> null)
                        .exceptionallyCompose(Workspace::inWords);
    }

    @Override
    public List<Entry> first(int most) {
        return queue instanceof WorkstationDevice.Queue.Open(ActionQueue actions)
                ? actions.list().stream()
                        .filter(one -> one.plugin().equals(plugin))
                        .limit(most)
                        .map(ShellWebQueue::entry)
                        .toList()
                : List.of();
    }

    @Override
    public Registration onChange(Runnable listener) {
        return queue instanceof WorkstationDevice.Queue.Open(ActionQueue actions)
                ? actions.onChange(listener)
                : () -> {};
    }

    /// The queue, if it has an action of this plugin by that id. What a page says is not trusted.
    private @Nullable ActionQueue has(String id) {
        return queue instanceof WorkstationDevice.Queue.Open(ActionQueue actions)
                        && actions.list().stream()
                                .anyMatch(one ->
                                        one.plugin().equals(plugin)
                                                && String.valueOf(one.id()).equals(id))
                ? actions
                : null;
    }

    private static Put refused(PeekException why) {
        return new Put(
                CompletableFuture.<String>failedFuture(why)
                        .exceptionallyCompose(Workspace::inWords),
                () -> {});
    }

    private static Entry entry(ActionQueue.Listed one) {
        return new Entry(
                String.valueOf(one.id()),
                one.type(),
                Workspace.title(one.type()),
                one.at(),
                lower(one.state()),
                one.code(),
                one.message());
    }

    private static Outcome outcome(ActionGate.Done done) {
        return new Outcome(
                lower(done.result()),
                done.code(),
                done.message(),
                new String(done.values(), StandardCharsets.UTF_8));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
