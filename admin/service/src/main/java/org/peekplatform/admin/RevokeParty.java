package org.peekplatform.admin;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Shuts a service or device out; its links end at once.
@TupleType(name = "admin.RevokeParty")
public record RevokeParty(String id) implements ActionTuple {}
