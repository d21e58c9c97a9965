CREATE TABLE plugin_catalogue (
    name VARCHAR(40) PRIMARY KEY,
    version VARCHAR(100) NOT NULL,
    sha256 CHAR(64) NOT NULL,
    enabled BOOLEAN NOT NULL,
    installed_at TIMESTAMP WITH TIME ZONE NOT NULL
);
