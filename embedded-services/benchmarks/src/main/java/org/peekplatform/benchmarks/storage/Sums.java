package org.peekplatform.benchmarks.storage;

/// Tells whether the right rows are in a table.
///
/// @param rows how many
/// @param ids sum of them
/// @param amounts sum of them; exact, as each is a multiple of a quarter
record Sums(long rows, long ids, double amounts) {
    static final Sums NONE = new Sums(0, 0, 0);

    Sums with(Reading row) {
        return new Sums(rows + 1, ids + row.id(), amounts + row.amount());
    }
}
