package org.peekplatform.admin;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// One installed plugin, as the administrator sees it.
///
/// @param state `starting`, `running`, `failed`, `stopping` or `stopped`
/// @param problem a sentence saying why it does not run, or `null`
/// @param services those it has a part on
@TupleType(name = "admin.Plugin")
public record PluginRow(
        @TupleKey String name,
        String title,
        String version,
        String state,
        @Nullable String problem,
        List<String> services,
        @Nullable Instant installedAt)
        implements Tuple {}
