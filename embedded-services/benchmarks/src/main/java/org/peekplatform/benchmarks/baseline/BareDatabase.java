package org.peekplatform.benchmarks.baseline;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.h2.tools.Server;

/// An H2 file behind H2's TCP server on loopback, with a pool: what Peek's storage is made of.
public final class BareDatabase implements AutoCloseable {
    private static final int CONNECTIONS = 10;
    private static final String SETTINGS =
            ";DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DEFAULT_NULL_ORDERING=HIGH"
                    + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1";

    private final Server server;
    private final HikariDataSource pool;

    private BareDatabase(Server server, HikariDataSource pool) {
        this.server = server;
        this.pool = pool;
    }

    public static BareDatabase open(Path folder) throws SQLException {
        System.setProperty("h2.bindAddress", "127.0.0.1");
        boolean exists = Files.exists(folder.resolve("bare.mv.db"));
        Server server =
                Server.createTcpServer(
                                "-tcpPort",
                                "0",
                                "-tcpDaemon",
                                "-baseDir",
                                folder.toString(),
                                exists ? "-ifExists" : "-ifNotExists")
                        .start();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/./bare" + SETTINGS);
        config.setUsername("bare");
        config.setPassword("");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        return new BareDatabase(server, new HikariDataSource(config));
    }

    public HikariDataSource pool() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
        server.stop();
    }
}
