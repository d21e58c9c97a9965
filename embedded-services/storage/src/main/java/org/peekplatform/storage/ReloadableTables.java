package org.peekplatform.storage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// Checks which tables may be empty after a restore.
final class ReloadableTables {
    private ReloadableTables() {}

    static void check(Connection connection, String schema, List<String> tables)
            throws SQLException {
        List<String> there =
                DatabaseSnapshot.tables(connection, schema).stream().map(TableId::name).toList();
        for (String table : tables) {
            if (!there.contains(table)) {
                throw new PeekException(
                        ErrorCode.BAD_REQUEST,
                        "'storage.reloadableTables' of plugin '"
                                + schema
                                + "' names table '"
                                + table
                                + "', which its scripts do not make; correct the name (there are "
                                + String.join(", ", there)
                                + ")");
            }
            requireNoReferences(connection, schema, table, tables);
        }
    }

    private static void requireNoReferences(
            Connection connection, String schema, String table, List<String> tables)
            throws SQLException {
        try (ResultSet references = connection.getMetaData().getExportedKeys(null, schema, table)) {
            while (references.next()) {
                String from = references.getString("FKTABLE_NAME");
                if (!schema.equals(references.getString("FKTABLE_SCHEM"))
                        || !tables.contains(from)) {
                    throw new PeekException(
                            ErrorCode.BAD_REQUEST,
                            "'storage.reloadableTables' of plugin '"
                                    + schema
                                    + "' names table '"
                                    + table
                                    + "', but table '"
                                    + from
                                    + "' has a foreign key to it, which a restore would break;"
                                    + " name '"
                                    + from
                                    + "' as well, or take '"
                                    + table
                                    + "' out");
                }
            }
        }
    }
}
