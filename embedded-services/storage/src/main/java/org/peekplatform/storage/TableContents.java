package org.peekplatform.storage;

import java.util.List;

/// What a table holds, as far as it can be compared with another one, on whatever engine.
///
/// @param columns without generated ones, in order
/// @param checksum the same for the same rows in any order
public record TableContents(TableId table, List<String> columns, long rows, String checksum) {
    public TableContents {
        columns = List.copyOf(columns);
    }
}
