package org.peekplatform.admin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// One task of a plugin, as the administrator sees it.
///
/// @param state `queued`, `running`, `done`, `failed` or `dead`
/// @param attempts begun so far
/// @param mostAttempts after which it is given up
/// @param progress from 0 to 1
/// @param step what the plugin says it is doing
/// @param reason of the last failure
/// @param worker who has it, or had it last
/// @param dueAt when it may be begun, if not now
/// @param afterId the task it waits for
/// @param cancelling whether its end has been asked for
@TupleType(name = "admin.Task")
public record TaskRow(
        @TupleKey String id,
        String plugin,
        String type,
        String state,
        int attempts,
        int mostAttempts,
        double progress,
        @Nullable String step,
        @Nullable String reason,
        @Nullable String worker,
        Instant submittedAt,
        Instant changedAt,
        @Nullable Instant dueAt,
        @Nullable String afterId,
        boolean cancelling)
        implements Tuple {}
