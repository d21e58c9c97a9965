package org.peekplatform.storage;

/// Names a table of the database.
public record TableId(String schema, String name) {
    /// As SQL names it.
    String quoted() {
        return "\"" + schema + "\".\"" + name + "\"";
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }
}
