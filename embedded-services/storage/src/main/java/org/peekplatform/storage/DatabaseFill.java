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
import java.util.function.LongConsumer;
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
    private static final int ROWS_A_REPORT = 1_000_000;
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

    /// Empties a table.
    public void empty(TableId table) {
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
            requireColumns(table, expected.columns());
            if (!expected.columns().isEmpty()) {
                var rows = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
                try (Insert insert = new Insert(table, expected.columns())) {
                    for (String row = rows.readLine(); row != null; row = rows.readLine()) {
                        insert.add(ROW.readValue(row));
                    }
                    insert.end();
                }
            }
            compare(expected);
        } catch (SQLException e) {
            throw failure("table " + table + " cannot be filled", e);
        }
    }

    /// Replaces the rows of a table by those of another database, and reads them again.
    ///
    /// @param copied told how many rows have been read, from time to time
    /// @return what both tables hold
    /// @throws PeekException with `CONTENTS_DIFFER` when the table does not hold the same then
    public TableContents copy(DatabaseSnapshot from, TableId table, LongConsumer copied)
            throws IOException {
        empty(table);
        try {
            List<String> columns = from.columns(table);
            requireColumns(table, columns);
            TableContents expected;
            if (columns.isEmpty()) {
                expected = from.read(table, row -> {});
            } else {
                try (Insert insert = new Insert(table, columns)) {
                    expected = from.read(table, row -> add(insert, table, row, copied));
                    insert.end();
                }
            }
            compare(expected);
            return expected;
        } catch (SQLException e) {
            throw failure("table " + table + " cannot be filled", e);
        }
    }

    /// What goes wrong here is no fault of the database that is read.
    private void add(Insert insert, TableId table, byte[] row, LongConsumer copied) {
        try {
            insert.add(ROW.readValue(row));
        } catch (SQLException e) {
            throw failure("table " + table + " cannot be filled", e);
        }
        if (insert.rows % ROWS_A_REPORT == 0) {
            copied.accept(insert.rows);
        }
    }

    private void requireColumns(TableId table, List<String> expected) throws SQLException {
        List<String> columns = DatabaseSnapshot.columns(connection, table);
        if (!columns.equals(expected)) {
            throw new PeekException(
                    StorageErrors.CONTENTS_DIFFER,
                    "table "
                            + table
                            + " has the columns "
                            + columns
                            + ", but what was written has "
                            + expected
                            + "; its plugin must have the version it had then");
        }
    }

    private void compare(TableContents expected) throws SQLException, IOException {
        TableId table = expected.table();
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
    }

    /// Where sequences and identity columns of `schema` stand now.
    public List<Counter> counters(String schema) {
        try {
            return engine.counters(connection, schema);
        } catch (SQLException e) {
            throw failure("the sequences of schema '" + schema + "' cannot be read", e);
        }
    }

    /// Puts rows into one table, many at once.
    private final class Insert implements AutoCloseable {
        private final List<ColumnForm> forms;
        private final List<String> elementTypes;
        private final PreparedStatement statement;
        private long rows;

        Insert(TableId table, List<String> columns) throws SQLException {
            List<String> placeholders;
            try (Statement question = connection.createStatement();
                    ResultSet none =
                            question.executeQuery(
                                    DatabaseSnapshot.select(table, columns) + " WHERE 1 = 0")) {
                forms = DatabaseSnapshot.forms(none.getMetaData());
                elementTypes = engine.elementTypes(none.getMetaData());
                placeholders = engine.placeholders(none.getMetaData());
            }
            String select = DatabaseSnapshot.select(table, columns);
            String names = select.substring("SELECT ".length(), select.indexOf(" FROM "));
            statement =
                    connection.prepareStatement(
                            "INSERT INTO "
                                    + table.quoted()
                                    + " ("
                                    + names
                                    + ") OVERRIDING SYSTEM VALUE VALUES ("
                                    + String.join(", ", placeholders)
                                    + ")");
        }

        void add(List<@Nullable Object> row) throws SQLException {
            set(statement, row, forms, elementTypes);
            statement.addBatch();
            rows++;
            if (rows % ROWS_AT_ONCE == 0) {
                statement.executeBatch();
            }
            if (rows % ROWS_A_COMMIT == 0) {
                engine.commitPart(connection);
            }
        }

        void end() throws SQLException {
            statement.executeBatch();
            engine.commitPart(connection);
        }

        @Override
        public void close() throws SQLException {
            statement.close();
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
