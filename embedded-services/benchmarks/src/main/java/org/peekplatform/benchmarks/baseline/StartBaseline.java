package org.peekplatform.benchmarks.baseline;

import io.javalin.Javalin;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.flywaydb.core.Flyway;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/// The least that a process like Peek's must do at its start: open a database, check its schema,
/// ask it something, open three sites.
public final class StartBaseline {
    private static final Duration IDLE = Duration.ofMinutes(1);

    private StartBaseline() {}

    /// @param arguments the folder of the database and three ports
    public static void main(String[] arguments) throws SQLException, InterruptedException {
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
        BareDatabase database = BareDatabase.open(Path.of(arguments[0]));
        Flyway.configure()
                .dataSource(database.pool())
                .schemas("bare")
                .defaultSchema("bare")
                .createSchemas(true)
                .locations("classpath:org/peekplatform/benchmarks/baseline/db")
                .load()
                .migrate();
        int plugins =
                DSL.using(database.pool(), SQLDialect.H2)
                        .fetchCount(DSL.table(DSL.name("bare", "plugin_catalogue")));
        for (int i = 1; i < arguments.length; i++) {
            open(Integer.parseInt(arguments[i]), plugins);
        }
        // Until the process is told to end.
        new CountDownLatch(1).await();
    }

    static Javalin open(int port, int plugins) {
        return Javalin.create(
                        config -> {
                            config.startup.showJavalinBanner = false;
                            config.startup.startupWatcherEnabled = false;
                            config.startup.showOldJavalinVersionWarning = false;
                            config.concurrency.useVirtualThreads = true;
                            config.http.maxRequestSize = 1 << 20;
                            config.jetty.modifyHttpConfiguration(http -> {
                                http.setSendServerVersion(false);
                                http.setSendDateHeader(false);
                            });
                            config.jetty.addConnector((server, http) -> {
                                ServerConnector connector =
                                        new ServerConnector(
                                                server, 1, 1, new HttpConnectionFactory(http));
                                connector.setHost("127.0.0.1");
                                connector.setPort(port);
                                connector.setIdleTimeout(IDLE.toMillis());
                                return connector;
                            });
                            config.jetty.modifyWebSocketServletFactory(factory -> {
                                factory.setMaxBinaryMessageSize(1 << 20);
                                factory.setIdleTimeout(IDLE);
                            });
                            config.routes.get(
                                    "/health",
                                    request ->
                                            request.contentType("application/json")
                                                    .result(
                                                            "{\"state\":\"running\",\"plugins\":"
                                                                    + plugins
                                                                    + "}"));
                            config.routes.ws(
                                    "/socket",
                                    socket ->
                                            socket.onBinaryMessage(
                                                    message -> message.send(message.data())));
                        })
                .start();
    }
}
