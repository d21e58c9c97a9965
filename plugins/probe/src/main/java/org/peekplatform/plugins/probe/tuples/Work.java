package org.peekplatform.plugins.probe.tuples;

import org.peekplatform.api.task.TaskTuple;
import org.peekplatform.api.tuple.TupleType;

/// A task that takes `millis` and adds an [Entry].
@TupleType(name = "probe.Work")
public record Work(String device, long number, int millis) implements TaskTuple {}
