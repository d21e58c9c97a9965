package org.peekplatform.launcher;

import java.util.List;
import org.peekplatform.storage.Counter;

/// What stands in `backup.json`: all that is in a backup, with checksums.
///
/// @param format of the file; raised when older versions cannot read it any more
/// @param version of the platform that made it
/// @param madeAt ISO 8601
/// @param plugins those that are installed
/// @param tables of the platform and of `plugins`
/// @param emptied further tables, whose rows were left out; as `schema.table`
record BackupContents(
        int format,
        String version,
        String madeAt,
        List<Plugin> plugins,
        List<File> files,
        List<Table> tables,
        List<Counter> counters,
        List<String> emptied) {
    BackupContents {
        // Files from before there was such a choice do not say.
        emptied = emptied == null ? List.of() : List.copyOf(emptied);
    }

    static final int FORMAT = 1;

    /// Where the contents stand in the file.
    static final String NAME = "backup.json";

    /// Folder of the files of the home within the file.
    static final String HOME = "home/";

    /// Folder of the tables within the file.
    static final String DATABASE = "database/";

    /// An entry of the file other than this one.
    ///
    /// @param path within the file
    /// @param sha256 in hexadecimal digits
    record File(String path, long bytes, String sha256) {}

    /// A plugin that is installed.
    ///
    /// @param hasSchema whether its tables are in the database
    record Plugin(String name, String version, String sha256, boolean hasSchema) {}

    /// @param checksum of its rows, as the storage computes it
    record Table(String schema, String name, List<String> columns, long rows, String checksum) {
        String path() {
            return DATABASE + schema + "/" + name + ".jsonl";
        }
    }
}
