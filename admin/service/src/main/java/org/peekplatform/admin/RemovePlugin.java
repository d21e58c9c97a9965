package org.peekplatform.admin;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Stops a plugin and takes it out of the catalogue; its data stay.
@TupleType(name = "admin.RemovePlugin")
public record RemovePlugin(String name) implements ActionTuple {}
