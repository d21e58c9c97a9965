package org.peekplatform.admin;

import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// Opens a site to other machines, or closes it to them.
@TupleType(name = "admin.OpenSite")
public record OpenSite(String site, boolean network) implements ActionTuple {}
