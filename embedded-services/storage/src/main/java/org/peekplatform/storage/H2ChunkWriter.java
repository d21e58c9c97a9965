package org.peekplatform.storage;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Hands H2 the rows as one array for each column, in one statement: through its server this takes
/// about half the time of a prepared batch, and less than a file read with `CSVREAD`.
final class H2ChunkWriter implements ChunkWriter {
    /// H2 has no `VARCHAR` and no `VARBINARY` above a MiB; what is longer goes in one by one.
    private static final int LONGEST = 1 << 20;

    private final String many;
    private final String one;

    H2ChunkWriter(String table, List<String> names, List<PlainValues> columns) {
        String into = "INSERT INTO " + table + " (" + String.join(", ", names) + ") ";
        many =
                into
                        + "SELECT "
                        + each(columns, i -> "c" + i + format(columns.get(i)))
                        + " FROM UNNEST("
                        + each(columns, i -> "CAST(? AS " + array(columns.get(i).type()) + ")")
                        + ") u("
                        + each(columns, i -> "c" + i)
                        + ")";
        one = into + "VALUES (" + each(columns, i -> "?" + format(columns.get(i))) + ")";
    }

    private static String each(List<PlainValues> columns, IntFunction<String> part) {
        return IntStream.range(0, columns.size()).mapToObj(part).collect(Collectors.joining(", "));
    }

    private static String format(PlainValues column) {
        return column.json() ? " FORMAT JSON" : "";
    }

    /// Wide enough for each value of `type`: the column itself says what it takes.
    private static String array(Class<?> type) {
        String element;
        if (type == String.class) {
            element = "VARCHAR";
        } else if (type == Long.class) {
            element = "BIGINT";
        } else if (type == Integer.class) {
            element = "INTEGER";
        } else if (type == Short.class) {
            element = "SMALLINT";
        } else if (type == BigDecimal.class) {
            element = "DECFLOAT";
        } else if (type == Double.class) {
            element = "DOUBLE PRECISION";
        } else if (type == Float.class) {
            element = "REAL";
        } else if (type == Boolean.class) {
            element = "BOOLEAN";
        } else if (type == byte[].class) {
            element = "VARBINARY";
        } else if (type == UUID.class) {
            element = "UUID";
        } else if (type == LocalDate.class) {
            element = "DATE";
        } else if (type == LocalTime.class) {
            element = "TIME(9)";
        } else if (type == LocalDateTime.class) {
            element = "TIMESTAMP(9)";
        } else if (type == OffsetDateTime.class) {
            element = "TIMESTAMP(9) WITH TIME ZONE";
        } else {
            throw new IllegalStateException(type + " is not among the plain types");
        }
        return element + " ARRAY";
    }

    @Override
    public void write(Connection connection, @Nullable Object[][] values, int count)
            throws SQLException, RowRefusedException {
        if (hasLong(values, count)) {
            writeEach(connection, values, count);
            return;
        }
        Savepoint before = connection.setSavepoint();
        try (PreparedStatement insert = connection.prepareStatement(many)) {
            for (int i = 0; i < values.length; i++) {
                insert.setObject(i + 1, Arrays.copyOf(values[i], count));
            }
            insert.executeUpdate();
        } catch (SQLException e) {
            findRefused(connection, before, values, count, e);
        }
        connection.releaseSavepoint(before);
    }

    private static boolean hasLong(@Nullable Object[][] values, int count) {
        for (@Nullable Object[] column : values) {
            for (int row = 0; row < count; row++) {
                if ((column[row] instanceof String text && text.length() > LONGEST)
                        || (column[row] instanceof byte[] bytes && bytes.length > LONGEST)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// H2 says what is wrong but not where; one by one shows it.
    private void findRefused(
            Connection connection,
            Savepoint before,
            @Nullable Object[][] values,
            int count,
            SQLException problem)
            throws SQLException, RowRefusedException {
        try {
            connection.rollback(before);
        } catch (SQLException lost) {
            problem.addSuppressed(lost);
            throw problem;
        }
        if (problem.getSQLState() == null || !problem.getSQLState().startsWith("2")) {
            throw problem;
        }
        writeEach(connection, values, count);
    }

    private void writeEach(Connection connection, @Nullable Object[][] values, int count)
            throws SQLException, RowRefusedException {
        try (PreparedStatement insert = connection.prepareStatement(one)) {
            for (int row = 0; row < count; row++) {
                for (int i = 0; i < values.length; i++) {
                    insert.setObject(i + 1, values[i][row]);
                }
                try {
                    insert.executeUpdate();
                } catch (SQLException e) {
                    if (e.getSQLState() != null && e.getSQLState().startsWith("2")) {
                        throw new RowRefusedException(row, e);
                    }
                    throw e;
                }
            }
        }
    }
}
