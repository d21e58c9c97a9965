package org.peekplatform.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jooq.SQLDialect;

/// What differs from one database product to the next; everything else in this module is the same
/// for all. Implemented by [H2Engine] and [PostgresEngine].
interface Engine extends AutoCloseable {
    /// Takes the database for this process, when it has not been taken or has been lost since.
    ///
    /// @throws PeekException with a sentence for an operator when it cannot be used
    void claim();

    /// Looks whether the database can still be used.
    ///
    /// @throws PeekException with a sentence for an operator when it cannot
    void check();

    SQLDialect dialect();

    /// The folder of migration scripts for this product alone.
    String vendor();

    /// New connections, not pooled.
    DataSource dataSource();

    /// What another process of this home needs to reach the database through this one; a secret,
    /// and another one after each start. Empty where each process reaches it by itself.
    Optional<String> wayIn();

    /// Makes `schema` the default of `connection`; free of a round trip when it is that already.
    void useSchema(Connection connection, String schema) throws SQLException;

    /// Whether `connection` is still connected, as far as this side knows without asking.
    boolean isConnected(Connection connection);

    /// Ends `connection` from another thread than the one that uses it.
    void abort(Connection connection) throws SQLException;

    /// Whether the database has rolled back the whole transaction by itself.
    boolean transactionIsLost(SQLException problem);

    /// Whether `problem` comes from what else goes on in the database, or from its being out of
    /// reach, so that the same statements may succeed later.
    boolean isPassing(SQLException problem);

    /// Whether connections that are open may go on failing after `problem` where new ones need not.
    boolean spoilsConnections(SQLException problem);

    /// Whether what is committed is on the disk when the commit returns.
    boolean commitsToDisk();

    /// Forces everything committed onto the disk, unless [#commitsToDisk].
    void sync(Connection connection) throws SQLException;

    /// The message of `problem` without the statement and without internal numbers.
    String plainMessage(SQLException problem);

    /// Whether a failed migration leaves nothing behind. If not, [#saveSchema] and [#restoreSchema]
    /// are used around migrations.
    boolean rollsBackDefinitions();

    /// Writes all of `schema`, rows and definitions, to a new file.
    void saveSchema(Connection connection, String schema, Path file) throws SQLException;

    /// Creates `schema`, which must not exist, from what [#saveSchema] wrote.
    void restoreSchema(Connection connection, String schema, Path file) throws SQLException;

    /// What writes the rows of one bulk load.
    ///
    /// @param table as SQL
    /// @param names of its columns, as SQL
    /// @param columns in the order of `names`
    ChunkWriter chunkWriter(String table, List<String> names, List<PlainValues> columns);

    /// What `connection` reads from now on, up to its next commit, is as of this moment.
    void beginSnapshot(Connection connection) throws SQLException;

    /// Where the sequences and identity columns of `schema` stand.
    List<Counter> counters(Connection connection, String schema) throws SQLException;

    /// Lets rows of `schemas` be put in in any order until [#endFill].
    void beginFill(Connection connection, List<String> schemas) throws SQLException;

    /// Commits what has been filled in so far, where a fill cannot be taken back anyway.
    void commitPart(Connection connection) throws SQLException;

    void endFill(Connection connection) throws SQLException;

    /// The parameters of an insert: `?`, or what makes the column's value of a string.
    List<String> placeholders(ResultSetMetaData columns) throws SQLException;

    /// What arrays are made of, by the name that this database takes; of no meaning for other
    /// columns.
    List<String> elementTypes(ResultSetMetaData columns) throws SQLException;

    /// Ends all connections and closes the database.
    @Override
    void close();
}
