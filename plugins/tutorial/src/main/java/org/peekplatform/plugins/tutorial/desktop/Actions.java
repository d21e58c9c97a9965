package org.peekplatform.plugins.tutorial.desktop;

import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionSender;
import org.peekplatform.api.action.ActionTuple;

/// Sends actions for a view and keeps the sentence to show when one is refused or fails. Confined
/// to the UI thread.
public final class Actions {
    private final ActionSender sender;
    private final Executor ui;
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper(this, "problem", "");

    public Actions(ActionSender sender, Executor ui) {
        this.sender = sender;
        this.ui = ui;
    }

    /// Sends `action`; what becomes of it arrives later on the UI thread.
    ///
    /// @param applied called when it has been carried out
    public void send(ActionTuple action, Runnable applied) {
        clearProblem();
        sender.send(action)
                .whenComplete((outcome, failure) ->
                        ui.execute(() -> finish(sentence(outcome, failure), applied)));
    }

    /// A whole sentence while the last action was refused or failed, else empty.
    public ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    public void clearProblem() {
        problem.set("");
    }

    /// What to tell people about the end of an action; empty when it was carried out.
    public static String sentence(@Nullable ActionOutcome outcome, @Nullable Throwable failure) {
        if (failure != null) {
            return failed(failure instanceof CompletionException e ? e.getCause() : failure);
        }
        return switch (outcome) {
            case ActionOutcome.Rejected(ErrorCode code, String message) -> message;
            case ActionOutcome.Applied applied -> "";
            case null -> "The server gave no answer; the rows show whether anything was changed.";
        };
    }

    private void finish(String sentence, Runnable applied) {
        if (sentence.isEmpty()) {
            applied.run();
        } else {
            problem.set(sentence);
        }
    }

    private static String failed(@Nullable Throwable failure) {
        if (failure instanceof PeekException e) {
            if (e.code().equals(ErrorCode.OFFLINE)) {
                return "The server cannot be reached now, so nothing was changed; try again when the"
                        + " connection is back.";
            }
            if (e.code().equals(ErrorCode.TIMED_OUT)) {
                return "The server did not answer in time; the rows show whether anything was"
                        + " changed.";
            }
        }
        return "That failed: "
                + (failure == null ? "no reason was given" : failure.getMessage())
                + ".";
    }
}
