package org.peekplatform.admin;

import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleType;

/// What services know this server by.
@TupleType(name = "admin.ServerIdentity")
public record ServerIdentity(String fingerprint) implements Tuple {}
