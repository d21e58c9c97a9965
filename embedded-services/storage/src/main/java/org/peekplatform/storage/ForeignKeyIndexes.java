package org.peekplatform.storage;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Names foreign keys without an index. PostgreSQL then reads the whole table for each row that is
/// deleted from the one referred to, and for each join. H2 adds an index by itself; it does not
/// count, so that a plugin that was only ever tried on H2 hears of it as well.
final class ForeignKeyIndexes {
    private static final Logger log = LoggerFactory.getLogger(ForeignKeyIndexes.class);

    /// What H2 calls the indexes that it adds. Those that a unique constraint has are named alike.
    private static final String ADDED_BY_H2 = "constraint_index_";

    private ForeignKeyIndexes() {}

    /// Called once after each change of a schema.
    static void report(Connection connection, String schema) throws SQLException {
        DatabaseMetaData data = connection.getMetaData();
        for (String table : tables(data, schema)) {
            Collection<List<String>> keys = foreignKeys(data, schema, table);
            if (keys.isEmpty()) {
                continue;
            }
            Collection<List<String>> indexes = indexes(data, schema, table);
            for (List<String> key : keys) {
                if (indexes.stream().noneMatch(index -> serves(index, key))) {
                    String columns = String.join(", ", key);
                    log.warn(
                            "Schema '{}': the foreign key of table '{}' on ({}) has no index, so"
                                    + " each deletion of a row it refers to reads the whole table;"
                                    + " add a migration script with: CREATE INDEX {}_{}_idx ON {}"
                                    + " ({});",
                            schema,
                            table,
                            columns,
                            table,
                            String.join("_", key),
                            table,
                            columns);
                }
            }
        }
    }

    private static List<String> tables(DatabaseMetaData data, String schema) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet found = data.getTables(null, pattern(data, schema), "%", null)) {
            while (found.next()) {
                if (found.getString("TABLE_TYPE").endsWith("TABLE")) {
                    names.add(found.getString("TABLE_NAME"));
                }
            }
        }
        return names;
    }

    /// A name may have an underscore, which is a wildcard.
    private static String pattern(DatabaseMetaData data, String name) throws SQLException {
        return name.replace("_", data.getSearchStringEscape() + "_");
    }

    private static Collection<List<String>> foreignKeys(
            DatabaseMetaData data, String schema, String table) throws SQLException {
        Map<String, List<String>> keys = new LinkedHashMap<>();
        try (ResultSet found = data.getImportedKeys(null, schema, table)) {
            while (found.next()) {
                keys.computeIfAbsent(found.getString("FK_NAME"), name -> new ArrayList<>())
                        .add(found.getString("FKCOLUMN_NAME"));
            }
        }
        return keys.values();
    }

    private static Collection<List<String>> indexes(
            DatabaseMetaData data, String schema, String table) throws SQLException {
        Map<String, TreeMap<Integer, String>> indexes = new LinkedHashMap<>();
        try (ResultSet found = data.getIndexInfo(null, schema, table, false, true)) {
            while (found.next()) {
                String name = found.getString("INDEX_NAME");
                String column = found.getString("COLUMN_NAME");
                boolean ofH2 =
                        found.getBoolean("NON_UNIQUE")
                                && name != null
                                && name.toLowerCase(Locale.ROOT).startsWith(ADDED_BY_H2);
                if (name != null
                        && column != null
                        && !ofH2
                        && found.getString("FILTER_CONDITION") == null) {
                    indexes.computeIfAbsent(name, any -> new TreeMap<>())
                            .put(found.getInt("ORDINAL_POSITION"), column);
                }
            }
        }
        return indexes.values().stream().map(columns -> List.copyOf(columns.values())).toList();
    }

    /// Whether the columns of `key` are the first of `index`, in whatever order.
    private static boolean serves(List<String> index, List<String> key) {
        return index.size() >= key.size()
                && new HashSet<>(index.subList(0, key.size())).equals(new HashSet<>(key));
    }
}
