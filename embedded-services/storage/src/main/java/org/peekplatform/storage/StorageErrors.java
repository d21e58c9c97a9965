package org.peekplatform.storage;

import org.peekplatform.api.ErrorCode;

/// Codes of the failures that only a database can have.
public final class StorageErrors {
    /// Another process, or this one, has opened the database already.
    public static final ErrorCode DATABASE_IN_USE =
            new ErrorCode("DATABASE_IN_USE", ErrorCode.Kind.CONFLICT);

    /// The database cannot be opened or does not answer.
    public static final ErrorCode DATABASE_UNAVAILABLE =
            new ErrorCode("DATABASE_UNAVAILABLE", ErrorCode.Kind.UNAVAILABLE);

    /// A later version of the platform has used the database; nothing was done.
    public static final ErrorCode DATABASE_TOO_NEW =
            new ErrorCode("DATABASE_TOO_NEW", ErrorCode.Kind.CONFLICT);

    /// All connections are taken; nothing was done.
    public static final ErrorCode DATABASE_BUSY =
            new ErrorCode("DATABASE_BUSY", ErrorCode.Kind.UNAVAILABLE);

    /// The database has given up a transaction, for example to end a deadlock; nothing was done and
    /// a second try may succeed.
    public static final ErrorCode TRANSACTION_LOST =
            new ErrorCode("TRANSACTION_LOST", ErrorCode.Kind.UNAVAILABLE);

    /// The scripts of a schema cannot follow those applied earlier: one was changed or is missing,
    /// or a name is wrong. Nothing was done.
    public static final ErrorCode MIGRATION_REFUSED =
            new ErrorCode("MIGRATION_REFUSED", ErrorCode.Kind.CALLER);

    /// A script failed; the schema is as it was before.
    public static final ErrorCode MIGRATION_FAILED =
            new ErrorCode("MIGRATION_FAILED", ErrorCode.Kind.CALLER);

    /// Rows that were copied are not what they were copied from.
    public static final ErrorCode CONTENTS_DIFFER =
            new ErrorCode("CONTENTS_DIFFER", ErrorCode.Kind.CONFLICT);

    private StorageErrors() {}
}
