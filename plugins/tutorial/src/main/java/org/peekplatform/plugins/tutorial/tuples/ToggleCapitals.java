package org.peekplatform.plugins.tutorial.tuples;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Writes the text of a row in small letters when its first letter is a capital, else in capitals.
@TupleType(name = "tutorial.ToggleCapitals")
public record ToggleCapitals(long id) implements ActionTuple {}
