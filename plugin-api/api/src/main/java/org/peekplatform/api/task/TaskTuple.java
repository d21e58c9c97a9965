package org.peekplatform.api.task;

import org.peekplatform.api.tuple.Tuple;

/// Work to be done by a worker. Implemented by records annotated with
/// [org.peekplatform.api.tuple.TupleType]; carries all that its handler needs, or the keys under
/// which the plugin's tables have it. At most 1 MiB as JSON.
public interface TaskTuple extends Tuple {}
