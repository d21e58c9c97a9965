package org.peekplatform.storage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.PeekException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// Puts the rows of a [DatabaseSnapshot] into a database that nobody else uses, in whose schemas
/// the same scripts have been applied. What the tables held is gone afterwards. For one thread;
/// blocks. Without [#finish] a database that can take it back is as it was; one that cannot must be
/// thrown away.
public final class DatabaseFill implements AutoCloseable {
    private static final int ROWS_AT_ONCE = 1_000;
    private static final int ROWS_A_COMMIT = 20_000;
    private static final ObjectReader ROW =
            JsonMapper.builder().build().readerForListOf(Object.class);

    private final Engine engine;
    private final Connection connection;
    private boolean finished;

    DatabaseFill(Engine engine) {
        this.engine = engine;
        try {
            connection = engine.dataSource().getConnection();
        } catch (SQLException e) {
            throw failure("no connection for filling the database", e);
        }
        boolean begun = false;
        try {
            connection.setAutoCommit(false);
            engine.beginFill(connection, DatabaseSnapshot.schemas(connection));
            begun = true;
        } catch (SQLException e) {
            throw failure("the database cannot be filled", e);
        } finally {
            if (!begun) {
                close();
            }
        }
    }

    /// The tables that there are, all of which are to be filled.
    public List<TableId> tables(String schema) {
        try {
            return DatabaseSnapshot.tables(connection, schema);
        } catch (SQLException e) {
            throw failure("the tables of schema '" + schema + "' cannot be listed", e);
        }
    }

    private void empty(TableId table) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM " + table.quoted());
        } catch (SQLException e) {
            throw failure("table " + table + " cannot be emptied", e);
        }
    }

    /// Replaces the rows of a table and reads them again.
    ///
    /// @param expected what was written
    /// @param in what was written, not closed
    /// @throws PeekException with `CONTENTS_DIFFER` when the table does not hold the same then
    public void fill(TableContents expected, InputStream in) throws IOException {
        TableId table = expected.table();
        empty(table);
        try {
            List<String> columns = DatabaseSnapshot.columns(connection, table);
            if (!columns.equals(expected.columns())) {
                throw new PeekException(
                        StorageErrors.CONTENTS_DIFFER,
                        "table "
                                + table
                                + " has the columns "
                                + columns
                                + ", but what was written has "
                                + expected.columns()
                                + "; its plugin must have the version it had then");
            }
            if (!columns.isEmpty()) {
                insert(table, columns, in);
            }
            TableContents found =
                    DatabaseSnapshot.write(connection, table, OutputStream.nullOutputStream());
            if (!found.equals(expected)) {
                throw new PeekException(
                        StorageErrors.CONTENTS_DIFFER,
                        "table "
                                + table
                                + " holds "
                                + found.rows()
                                + " rows with checksum "
                                + found.checksum()
                                + ", but "
                                + expected.rows()
                                + " with checksum "
                                + expected.checksum()
                                + " were written");
            }
        } catch (SQLException e) {
            throw failure("table " + table + " cannot be filled", e);
        }
    }

    private void insert(TableId table, List<String> columns, InputStream in)
            throws SQLException, IOException {
        List<ColumnForm> forms;
        List<String> elementTypes;
        List<String> placeholders;
        try (Statement statement = connection.createStatement();
                ResultSet none =
                        statement.executeQuery(
                                DatabaseSnapshot.select(table, columns) + " WHERE 1 = 0")) {
            forms = DatabaseSnapshot.forms(none.getMetaData());
            elementTypes = engine.elementTypes(none.getMetaData());
            placeholders = engine.placeholders(none.getMetaData());
        }
        String select = DatabaseSnapshot.select(table, columns);
        String names = select.substring("SELECT ".length(), select.indexOf(" FROM "));
        String sql =
                "INSERT INTO "
                        + table.quoted()
                        + " ("
                        + names
                        + ") OVERRIDING SYSTEM VALUE VALUES ("
                        + String.join(", ", placeholders)
                        + ")";
        var rows = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            int waiting = 0;
            for (String row = rows.readLine(); row != null; row = rows.readLine()) {
                set(insert, ROW.readValue(row), forms, elementTypes);
                insert.addBatch();
                waiting++;
                if (waiting % ROWS_AT_ONCE == 0) {
                    insert.executeBatch();
                }
                if (waiting % ROWS_A_COMMIT == 0) {
                    engine.commitPart(connection);
                }
            }
            insert.executeBatch();
            engine.commitPart(connection);
        }
    }

    private static void set(
            PreparedStatement insert,
            List<@Nullable Object> row,
            List<ColumnForm> forms,
            List<String> elementTypes)
            throws SQLException {
        if (row.size() != forms.size()) {
            throw new PeekException(
                    StorageErrors.CONTENTS_DIFFER,
                    "a row has " + row.size() + " values for " + forms.size() + " columns");
        }
        for (int i = 0; i < forms.size(); i++) {
            Object value = row.get(i);
            if (value == null) {
                insert.setNull(i + 1, Types.NULL);
            } else {
                forms.get(i).write(insert, i + 1, value, elementTypes.get(i));
            }
        }
    }

    /// Sets a sequence or identity column.
    public void set(Counter counter) {
        String column = counter.column();
        String name = new TableId(counter.schema(), counter.name()).quoted();
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    (column == null
                                    ? "ALTER SEQUENCE " + name
                                    : "ALTER TABLE " + name + " ALTER COLUMN \"" + column + "\"")
                            + " RESTART WITH "
                            + counter.next());
        } catch (SQLException e) {
            throw failure("sequence " + name + " cannot be set", e);
        }
    }

    /// Makes it last.
    public void finish() {
        try {
            engine.endFill(connection);
            connection.commit();
            engine.sync(connection);
            finished = true;
        } catch (SQLException e) {
            throw failure("what was filled in cannot be kept", e);
        }
    }

    @Override
    public void close() {
        try (connection) {
            if (!finished) {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw failure("filling the database cannot be ended", e);
        }
    }

    private PeekException failure(String what, SQLException e) {
        SQLException next = e.getNextException();
        return new PeekException(
                StorageErrors.DATABASE_UNAVAILABLE,
                what + ": " + engine.plainMessage(next == null ? e : next),
                e);
    }
}
