package org.peekplatform.vortex;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;

/// The limits under which Peek reads JSON that came from outside, and writes what others read.
final class Json {
    static final int MAX_DEPTH = 64;
    // A row stands within the object, the list and the triple of a delta.
    private static final int MAX_WRITTEN_DEPTH = MAX_DEPTH - 3;

    /// Reads and writes JSON token by token, without binding to classes.
    static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxDocumentLength(Frame.MAX_BYTES)
                                    .maxStringLength(Frame.MAX_BYTES)
                                    .maxNumberLength(64)
                                    .maxNameLength(1_000)
                                    .build())
                    .streamWriteConstraints(
                            StreamWriteConstraints.builder()
                                    .maxNestingDepth(MAX_WRITTEN_DEPTH)
                                    .build())
                    .build();

    private Json() {}
}
