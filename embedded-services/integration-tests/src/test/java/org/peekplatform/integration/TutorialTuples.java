package org.peekplatform.integration;

import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// The tutorial's tuples as another program would write them, from their names on the wire.
final class TutorialTuples {
    private TutorialTuples() {}

    @TupleType(name = "tutorial.StringInt")
    record StringInt(@TupleKey long id, String string1, long int1) implements Tuple {}
}
