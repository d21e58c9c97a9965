package org.peekplatform.shell.ui;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// What a person does about the changes that wait on this device. Called on the JavaFX thread, must
/// not block; what goes wrong comes as a [org.peekplatform.api.PeekException] with a sentence.
public interface ChangeCommands {
    /// Sends a change once more that was rejected or has failed, or one that waits without its
    /// pause.
    CompletableFuture<@Nullable Void> sendAgain(long id);

    /// Takes a change out of the queue.
    CompletableFuture<@Nullable Void> discard(long id);
}
