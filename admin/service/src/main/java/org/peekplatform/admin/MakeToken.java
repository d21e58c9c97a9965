package org.peekplatform.admin;

import org.jspecify.annotations.Nullable;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Makes a token with which one service or device can join; answered with [TokenMade].
///
/// @param kind `client`, `agent`, `worker` or `device`
/// @param name what it will be called, or `null` to let it say so
/// @param host by which the administrator's browser reaches this machine, or `null` where it is
///   this machine itself
@TupleType(name = "admin.MakeToken")
public record MakeToken(String kind, @Nullable String name, @Nullable String host)
        implements ActionTuple {}
