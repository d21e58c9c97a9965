package org.peekplatform.benchmarks.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.sql.DataSource;

/// Plain JDBC with a pool.
class JdbcSide implements Side {
    private static final String INSERT =
            "INSERT INTO reading (id, site, amount, read_at) VALUES (?, ?, ?, ?)";
    private static final int BATCH = 1000;

    private final DataSource pool;
    private final AutoCloseable owner;

    /// @param owner closed with this
    JdbcSide(DataSource pool, AutoCloseable owner) {
        this.pool = pool;
        this.owner = owner;
    }

    /// Makes the table.
    void create() throws SQLException {
        for (String statement : Reading.TABLE.split(";\\s*", -1)) {
            if (!statement.isBlank()) {
                execute(statement);
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void clear() throws SQLException {
        execute("TRUNCATE TABLE reading");
    }

    @Override
    public void load(Iterator<Reading> rows) throws Exception {
        try (Connection connection = pool.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            connection.setAutoCommit(false);
            int waiting = 0;
            while (rows.hasNext()) {
                bind(insert, rows.next());
                insert.addBatch();
                if (++waiting == BATCH) {
                    insert.executeBatch();
                    waiting = 0;
                }
            }
            insert.executeBatch();
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    private static void bind(PreparedStatement insert, Reading row) throws SQLException {
        insert.setLong(1, row.id());
        insert.setString(2, row.site());
        insert.setDouble(3, row.amount());
        insert.setObject(4, row.readAt());
    }

    @Override
    public void insert(Reading row) throws Exception {
        try (Connection connection = pool.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            bind(insert, row);
            insert.executeUpdate();
        }
    }

    @Override
    public void batch(List<Reading> rows) throws Exception {
        load(rows.iterator());
    }

    @Override
    public List<Reading> query(String site) throws Exception {
        try (Connection connection = pool.getConnection();
                PreparedStatement query =
                        connection.prepareStatement(
                                "SELECT id, site, amount, read_at FROM reading WHERE site = ?"
                                        + " ORDER BY id")) {
            query.setString(1, site);
            List<Reading> rows = new ArrayList<>();
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    rows.add(
                            new Reading(
                                    found.getLong(1),
                                    found.getString(2),
                                    found.getDouble(3),
                                    found.getObject(4, OffsetDateTime.class)));
                }
            }
            return rows;
        }
    }

    @Override
    public Sums sums() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT COUNT(*), COALESCE(SUM(id), 0), COALESCE(SUM(amount), 0)"
                                        + " FROM reading")) {
            row.next();
            return new Sums(row.getLong(1), row.getLong(2), row.getDouble(3));
        }
    }

    @Override
    public void close() throws Exception {
        owner.close();
    }
}
