package org.peekplatform.storage;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Writes rows into one table, many at a time. Made by an [Engine] for one bulk load and used by
/// one thread.
interface ChunkWriter {
    /// Writes the first `count` rows of `values` in the transaction of `connection`. If that fails,
    /// the caller rolls back.
    ///
    /// @param values by column, then by row; as [PlainValues] makes them
    /// @throws RowRefusedException when the database says, or can be asked, which row it was
    void write(Connection connection, @Nullable Object[][] values, int count)
            throws SQLException, RowRefusedException;

    /// A row that the database does not take.
    final class RowRefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final int row;
        private final transient SQLException problem;

        /// @param row counted from 0 within the chunk
        RowRefusedException(int row, SQLException problem) {
            super(problem);
            this.row = row;
            this.problem = problem;
        }

        int row() {
            return row;
        }

        SQLException problem() {
            return problem;
        }
    }
}
