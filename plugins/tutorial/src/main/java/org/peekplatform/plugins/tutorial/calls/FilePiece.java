package org.peekplatform.plugins.tutorial.calls;

import static java.util.Objects.requireNonNull;

/// Some bytes of a file.
///
/// @param bytes at most [ImportFiles#LARGEST_PIECE]; none at the end of the file; not to be changed
///   once handed over
@SuppressWarnings("ArrayRecordComponent") // never compared, and copying every piece would cost
public record FilePiece(byte[] bytes) {
    public FilePiece {
        requireNonNull(bytes, "bytes");
    }
}
