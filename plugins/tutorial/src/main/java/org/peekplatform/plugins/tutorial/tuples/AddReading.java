package org.peekplatform.plugins.tutorial.tuples;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Has an agent read the room on its disk and adds it as a row. Carried out by the client part.
@TupleType(name = "tutorial.AddReading")
public record AddReading() implements ActionTuple {}
