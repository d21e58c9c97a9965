package org.peekplatform.plugins.probe.tuples;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Submits a [Work] for each number from `first` on, which takes from 5 to 50 ms.
@TupleType(name = "probe.SubmitWork")
public record SubmitWork(String device, long first, int count) implements ActionTuple {}
