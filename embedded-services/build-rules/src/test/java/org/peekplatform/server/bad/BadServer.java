package org.peekplatform.server.bad;

/// Only here to be imported wrongly.
public final class BadServer {
    public static final Object INSTANCE = new BadServer();
}
