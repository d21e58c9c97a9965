package org.peekplatform.storage;

import org.jspecify.annotations.Nullable;

/// A schema after [Database#migrate].
///
/// @param schema its name
/// @param version of the last versioned script applied; `null` when there has been none
/// @param applied how many scripts this call has applied
public record SchemaState(String schema, @Nullable String version, int applied) {}
