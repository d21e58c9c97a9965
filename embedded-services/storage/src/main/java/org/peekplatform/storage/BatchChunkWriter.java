package org.peekplatform.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes rows as a batch of one prepared statement.
///
/// @param sql inserts one row
record BatchChunkWriter(String sql) implements ChunkWriter {
    static BatchChunkWriter of(String table, List<String> names) {
        return new BatchChunkWriter(
                "INSERT INTO "
                        + table
                        + " ("
                        + String.join(", ", names)
                        + ") VALUES ("
                        + String.join(", ", Collections.nCopies(names.size(), "?"))
                        + ")");
    }

    @Override
    public void write(Connection connection, @Nullable Object[][] values, int count)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int row = 0; row < count; row++) {
                for (int column = 0; column < values.length; column++) {
                    Object value = values[column][row];
                    if (value instanceof String) {
                        // The database knows better what the text stands for: JSON, for example.
                        statement.setObject(column + 1, value, Types.OTHER);
                    } else {
                        statement.setObject(column + 1, value);
                    }
                }
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
