/// The contracts between Peek and its plugins. Depends on nothing of Peek.
module org.peekplatform.api {
    requires static transitive org.jspecify;

    exports org.peekplatform.api;
    exports org.peekplatform.api.action;
    exports org.peekplatform.api.rpc;
    exports org.peekplatform.api.table;
    exports org.peekplatform.api.task;
    exports org.peekplatform.api.tuple;
}
