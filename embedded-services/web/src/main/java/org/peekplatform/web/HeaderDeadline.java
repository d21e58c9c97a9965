package org.peekplatform.web;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Cuts connections whose request header is not complete in time, or that never send one. Jetty's
/// own timeout begins anew with every byte, so that one byte a minute would keep a connection for
/// ever. A handshake of TLS counts as part of the header. A connection that waits between two
/// requests is left to that timeout.
final class HeaderDeadline extends AbstractLifeCycle implements Connection.Listener {
    private static final Logger log = LoggerFactory.getLogger(HeaderDeadline.class);

    private final ServerConnector connector;
    private final long nanos;
    private final Map<Connection, Waiting> waiting = new ConcurrentHashMap<>();

    /// @param since nanosecond time when it was first seen waiting
    /// @param messages how many requests had come then
    private record Waiting(long since, long messages) {}

    HeaderDeadline(ServerConnector connector, Duration limit) {
        this.connector = connector;
        nanos = limit.toNanos();
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof HttpConnection || isUndecided(connection)) {
            waiting.put(connection, new Waiting(System.nanoTime(), 0));
        }
    }

    @Override
    public void onClosed(Connection connection) {
        waiting.remove(connection);
    }

    @Override
    protected void doStart() {
        schedule();
    }

    private void schedule() {
        connector.getScheduler().schedule(this::look, nanos / 10, TimeUnit.NANOSECONDS);
    }

    private void look() {
        long now = System.nanoTime();
        waiting.replaceAll((connection, before) -> look(connection, before, now));
        if (isRunning() || isStarting()) {
            schedule();
        }
    }

    /// Whether it has not sent enough to tell TLS from plain HTTP.
    private static boolean isUndecided(Connection connection) {
        return connection.getClass().getEnclosingClass() == DetectorConnectionFactory.class;
    }

    private Waiting look(Connection connection, Waiting before, long now) {
        long messages = connection.getMessagesIn();
        if (!isInHeader(connection, messages) || messages != before.messages()) {
            return new Waiting(now, messages);
        }
        if (now - before.since() > nanos) {
            log.debug("A request header did not come in time; its connection is cut");
            connection.getEndPoint().close();
        }
        return before;
    }

    private static boolean isInHeader(Connection connection, long messages) {
        if (!(connection instanceof HttpConnection http)) {
            return true;
        }
        HttpParser parser = http.getParser();
        return parser.inHeaderState() && !(parser.isStart() && messages > 0);
    }
}
