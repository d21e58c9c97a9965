package org.peekplatform.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresServerTest {
    @Test
    void itKeepsWhatWasCommittedHoweverItEnds() throws SQLException {
        try (var server = PostgresServer.create()) {
            server.start();
            PostgresServer.Database database = server.newDatabase();
            execute(database, "CREATE TABLE t (n INT)");
            List<Runnable> ends =
                    List.of(server::stop, server::stopImmediately, server::kill, server::kill);
            for (Runnable end : ends) {
                execute(database, "INSERT INTO t VALUES (1)");
                end.run();
                assertThat(server.isRunning()).isFalse();
                assertThatThrownBy(() -> execute(database, "SELECT 1"))
                        .isInstanceOf(SQLException.class);
                server.start();
            }
            try (Connection connection = connect(database, database.password());
                    Statement statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT COUNT(*) FROM t")) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(ends.size());
            }
        }
    }

    @Test
    void nobodyGetsInWithAWrongPassword() {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        assertThatThrownBy(() -> connect(database, "wrong").close())
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void aMissingProgramIsNamedWithWhatToDo() {
        assertThatThrownBy(() -> PostgresServer.program("pg_no_such"))
                .hasMessageStartingWith("this test needs the program 'pg_no_such'")
                .hasMessageContaining("./peek test")
                .hasMessageEndingWith("install PostgreSQL (the package postgresql)");
    }

    private static void execute(PostgresServer.Database database, String sql) throws SQLException {
        try (Connection connection = connect(database, database.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(PostgresServer.Database database, String password)
            throws SQLException {
        return DriverManager.getConnection(database.url(), database.user(), password);
    }
}
