package org.peekplatform.plugins.probe.tuples;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Is answered with [Echoed] by the server, which does nothing else.
@TupleType(name = "probe.Echo")
public record Echo(String text) implements ActionTuple {}
