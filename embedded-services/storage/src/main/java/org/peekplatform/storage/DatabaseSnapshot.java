package org.peekplatform.storage;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.PeekException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// All rows of a database as of one moment, while others go on writing. For one thread; blocks. To
/// be closed soon, as the database keeps what is deleted meanwhile.
///
/// Rows are written in a form that no engine owns, a JSON array in each line, so that they can be
/// put into a database on another one. Definitions are not written: they come from the scripts of
/// the plugins.
public final class DatabaseSnapshot implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DatabaseSnapshot.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FETCHED_AT_ONCE = 1_000;

    private final Engine engine;
    private final Connection connection;

    /// Takes rows, each as a JSON array.
    @FunctionalInterface
    interface RowReader {
        void row(byte[] row) throws IOException;
    }

    DatabaseSnapshot(Engine engine) {
        this.engine = engine;
        try {
            connection = engine.dataSource().getConnection();
        } catch (SQLException e) {
            throw failure("no connection for a copy of the database", e);
        }
        boolean begun = false;
        try {
            connection.setAutoCommit(false);
            engine.beginSnapshot(connection);
            begun = true;
        } catch (SQLException e) {
            throw failure("a copy of the database cannot begin", e);
        } finally {
            if (!begun) {
                close();
            }
        }
    }

    /// The schemas that scripts have been applied to, the platform's first.
    public List<String> schemas() {
        try {
            return schemas(connection);
        } catch (SQLException e) {
            throw failure("the schemas cannot be listed", e);
        }
    }

    static List<String> schemas(Connection connection) throws SQLException {
        List<String> schemas = new ArrayList<>();
        schemas.add(Migrations.PLATFORM_SCHEMA);
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT m.schema_name FROM peek.schema_migration m"
                                        + " JOIN information_schema.schemata s"
                                        + " ON s.schema_name = m.schema_name"
                                        + " WHERE m.schema_name <> 'peek' ORDER BY m.schema_name")) {
            while (rows.next()) {
                schemas.add(rows.getString(1));
            }
        }
        return schemas;
    }

    /// The tables of `schema` but those in which migrations remember what they have done.
    public List<TableId> tables(String schema) {
        try {
            return tables(connection, schema);
        } catch (SQLException e) {
            throw failure("the tables of schema '" + schema + "' cannot be listed", e);
        }
    }

    static List<TableId> tables(Connection connection, String schema) throws SQLException {
        List<TableId> tables = new ArrayList<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT table_name FROM information_schema.tables WHERE table_schema = ?"
                                + " AND table_type = 'BASE TABLE'"
                                + " AND table_name NOT IN ('flyway_schema_history',"
                                + " 'schema_migration') ORDER BY table_name")) {
            query.setString(1, schema);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    tables.add(new TableId(schema, rows.getString(1)));
                }
            }
        }
        return tables;
    }

    /// Where sequences and identity columns of `schema` stand.
    public List<Counter> counters(String schema) {
        try {
            return engine.counters(connection, schema);
        } catch (SQLException e) {
            throw failure("the sequences of schema '" + schema + "' cannot be read", e);
        }
    }

    /// Writes the rows of a table.
    ///
    /// @param out not closed
    public TableContents write(TableId table, OutputStream out) throws IOException {
        try {
            return write(connection, table, out);
        } catch (SQLException e) {
            throw failure("table " + table + " cannot be read", e);
        }
    }

    static TableContents write(Connection connection, TableId table, OutputStream out)
            throws SQLException, IOException {
        var buffered = new BufferedOutputStream(out, 1 << 16);
        TableContents written =
                read(
                        connection,
                        table,
                        row -> {
                            buffered.write(row);
                            buffered.write('\n');
                        });
        buffered.flush();
        return written;
    }

    /// Reads the rows of a table one by one.
    TableContents read(TableId table, RowReader reader) throws IOException {
        try {
            return read(connection, table, reader);
        } catch (SQLException e) {
            throw failure("table " + table + " cannot be read", e);
        }
    }

    List<String> columns(TableId table) {
        try {
            return columns(connection, table);
        } catch (SQLException e) {
            throw failure("the columns of table " + table + " cannot be listed", e);
        }
    }

    private static TableContents read(Connection connection, TableId table, RowReader reader)
            throws SQLException, IOException {
        List<String> columns = columns(connection, table);
        RowChecksum checksum = new RowChecksum();
        if (columns.isEmpty()) {
            return new TableContents(table, columns, 0, checksum.text());
        }
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCHED_AT_ONCE);
            try (ResultSet rows = statement.executeQuery(select(table, columns))) {
                List<ColumnForm> forms = forms(rows.getMetaData());
                boolean canonical = forms.stream().allMatch(ColumnForm::isCanonical);
                List<@Nullable Object> row = new ArrayList<>(forms.size());
                while (rows.next()) {
                    row.clear();
                    for (int i = 0; i < forms.size(); i++) {
                        row.add(forms.get(i).read(rows, i + 1));
                    }
                    byte[] line = JSON.writeValueAsBytes(row);
                    checksum.add(canonical ? line : JSON.writeValueAsBytes(canonical(forms, row)));
                    reader.row(line);
                }
            }
        }
        return new TableContents(table, columns, checksum.rows(), checksum.text());
    }

    private static List<@Nullable Object> canonical(
            List<ColumnForm> forms, List<@Nullable Object> row) {
        List<@Nullable Object> canonical = new ArrayList<>(row);
        for (int i = 0; i < canonical.size(); i++) {
            Object value = canonical.get(i);
            if (value != null) {
                canonical.set(i, forms.get(i).canonical(value));
            }
        }
        return canonical;
    }

    static List<ColumnForm> forms(ResultSetMetaData columns) throws SQLException {
        List<ColumnForm> forms = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            forms.add(ColumnForm.of(columns, i));
        }
        return forms;
    }

    static String select(TableId table, List<String> columns) {
        return "SELECT "
                + columns.stream()
                        .map(column -> "\"" + column + "\"")
                        .collect(Collectors.joining(", "))
                + " FROM "
                + table.quoted();
    }

    /// Those that are not computed from others.
    static List<String> columns(Connection connection, TableId table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT column_name FROM information_schema.columns"
                                + " WHERE table_schema = ? AND table_name = ?"
                                + " AND is_generated = 'NEVER' ORDER BY ordinal_position")) {
            query.setString(1, table.schema());
            query.setString(2, table.name());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    columns.add(rows.getString(1));
                }
            }
        }
        return columns;
    }

    @Override
    public void close() {
        try {
            connection.rollback();
            connection.close();
        } catch (SQLException e) {
            log.debug("The connection of a copy was gone already", e);
        }
    }

    private PeekException failure(String what, SQLException e) {
        return new PeekException(
                StorageErrors.DATABASE_UNAVAILABLE, what + ": " + engine.plainMessage(e), e);
    }
}
