package org.peekplatform.plugins.tutorial.tuples;

import static java.util.Objects.requireNonNull;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Brings the next piece of a file; pieces are sent one after the other.
///
/// @param offset how many bytes were sent before
/// @param bytes at most [#LARGEST_PIECE]; not to be changed once handed over
@SuppressWarnings("ArrayRecordComponent") // never compared, and copying every piece would cost
@TupleType(name = "tutorial.AppendImport")
public record AppendImport(String importId, long offset, byte[] bytes) implements ActionTuple {
    public static final int LARGEST_PIECE = 256 << 10;

    public AppendImport {
        requireNonNull(importId, "importId");
        requireNonNull(bytes, "bytes");
    }
}
