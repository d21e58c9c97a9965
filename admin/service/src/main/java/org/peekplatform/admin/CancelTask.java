package org.peekplatform.admin;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Calls a task off.
@TupleType(name = "admin.CancelTask")
public record CancelTask(String id) implements ActionTuple {}
