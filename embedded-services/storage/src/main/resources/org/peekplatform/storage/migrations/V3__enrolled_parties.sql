-- Services and devices that have joined. Rows of revoked ones stay until an administrator removes them.
CREATE TABLE enrolled_party (
    id VARCHAR(32) PRIMARY KEY,
    kind VARCHAR(16) NOT NULL,
    name VARCHAR(100) NOT NULL,
    public_key VARCHAR(200) NOT NULL,
    of_home BOOLEAN NOT NULL,
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    joined_from VARCHAR(100) NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE
);
