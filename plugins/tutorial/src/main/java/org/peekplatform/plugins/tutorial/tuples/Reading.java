package org.peekplatform.plugins.tutorial.tuples;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// What the agent on a machine has last reported. A machine that has been silent for some minutes
/// has no row.
///
/// @param freeMegabytes room on its disk, of 1,000,000 bytes
/// @param takenAt by the clock of the server
@TupleType(name = "tutorial.Reading")
public record Reading(@TupleKey String machine, long freeMegabytes, Instant takenAt)
        implements Tuple {
    public Reading {
        requireNonNull(machine, "machine");
        requireNonNull(takenAt, "takenAt");
    }
}
