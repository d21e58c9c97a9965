package org.peekplatform.admin;

import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleType;

/// How many tasks are in each state.
@TupleType(name = "admin.TaskCounts")
public record TaskCounts(long queued, long running, long done, long failed, long dead)
        implements Tuple {}
