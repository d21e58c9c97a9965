package org.peekplatform.plugins.tutorial.tuples;

import static java.util.Objects.requireNonNull;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Ends an import and forgets its file; one that is running changes nothing.
@TupleType(name = "tutorial.CancelImport")
public record CancelImport(String importId) implements ActionTuple {
    public CancelImport {
        requireNonNull(importId, "importId");
    }
}
