/// What a plugin adds to the JavaFX workstation.
module org.peekplatform.api.desktop {
    requires transitive javafx.controls;
    requires transitive javafx.graphics;
    requires transitive org.peekplatform.api;
    requires static transitive org.jspecify;

    exports org.peekplatform.api.desktop;
}
