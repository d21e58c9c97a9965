package org.peekplatform.admin;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Queues a dead task again.
@TupleType(name = "admin.RetryTask")
public record RetryTask(String id) implements ActionTuple {}
