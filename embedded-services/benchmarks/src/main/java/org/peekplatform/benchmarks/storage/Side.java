package org.peekplatform.benchmarks.storage;

import java.util.Iterator;
import java.util.List;

/// One way to the table. Used by one thread.
interface Side extends AutoCloseable {
    /// Empties the table.
    void clear() throws Exception;

    /// Writes many rows in one transaction.
    void load(Iterator<Reading> rows) throws Exception;

    /// Writes and commits one row.
    void insert(Reading row) throws Exception;

    /// Writes a few rows in one transaction.
    void batch(List<Reading> rows) throws Exception;

    /// The rows of one site.
    List<Reading> query(String site) throws Exception;

    /// What is in the table.
    Sums sums() throws Exception;

    @Override
    void close() throws Exception;
}
