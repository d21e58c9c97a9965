package org.peekplatform.admin;

import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// One site of this process and who can reach it.
///
/// @param site `admin`, `client` or `dataExchange`
/// @param address what it listens on, for people
/// @param network whether other machines may connect
/// @param url for a browser on this machine
@TupleType(name = "admin.Site")
public record SiteRow(@TupleKey String site, String address, boolean network, String url)
        implements Tuple {}
