package org.peekplatform.storage;

import org.jspecify.annotations.Nullable;

/// A sequence of a schema, or the one behind an identity column.
///
/// @param name of the sequence or, if there is a column, of the table
/// @param column `null` for a sequence
/// @param next what it gives next
public record Counter(String schema, String name, @Nullable String column, long next) {}
