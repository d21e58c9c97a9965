package org.peekplatform.admin;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Takes a revoked service or device off the list.
@TupleType(name = "admin.ForgetParty")
public record ForgetParty(String id) implements ActionTuple {}
