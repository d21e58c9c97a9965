/// Database access for plugins, through jOOQ.
module org.peekplatform.api.storage {
    requires transitive org.jooq;
    requires transitive org.peekplatform.api;
    requires static transitive org.jspecify;

    exports org.peekplatform.api.storage;
}
