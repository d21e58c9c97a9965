package org.peekplatform.api.action;

import org.peekplatform.api.tuple.Tuple;

/// A request to change something. Implemented by records annotated with
/// [org.peekplatform.api.tuple.TupleType]; one action is one change, small and complete in itself.
public interface ActionTuple extends Tuple {}
