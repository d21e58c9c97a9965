-- What the scripts of each schema were when they were last applied; the same hash again means that
-- there is nothing to migrate.
CREATE TABLE schema_migration (
    schema_name VARCHAR(63) PRIMARY KEY,
    scripts_hash CHAR(64) NOT NULL,
    version VARCHAR(50),
    migrated_at TIMESTAMP WITH TIME ZONE NOT NULL
);

-- The installed plugins. The row is the commit point of an installation.
CREATE TABLE plugin_catalogue (
    name VARCHAR(40) PRIMARY KEY,
    version VARCHAR(100) NOT NULL,
    sha256 CHAR(64) NOT NULL,
    installed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    enabled BOOLEAN DEFAULT TRUE NOT NULL,
    position INTEGER DEFAULT 0 NOT NULL
);
