package org.peekplatform.plugins.tutorial.tuples;

import static java.util.Objects.requireNonNull;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Announces a file, whose content then comes with [AppendImport].
///
/// @param importId chosen by the sender, new for every import: 1 to 64 letters, digits and hyphens
/// @param size in bytes, at most [#LARGEST_FILE]
@TupleType(name = "tutorial.StartImport")
public record StartImport(String importId, String fileName, long size) implements ActionTuple {
    public static final long LARGEST_FILE = 64L << 20;

    public StartImport {
        requireNonNull(importId, "importId");
        requireNonNull(fileName, "fileName");
    }
}
