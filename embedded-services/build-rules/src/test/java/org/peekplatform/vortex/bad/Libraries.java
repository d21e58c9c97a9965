package org.peekplatform.vortex.bad;

/// One library in each class that this module must not know.
final class Libraries {
    private Libraries() {}

    static final class Javalin {
        void use(io.javalin.Javalin library) {}
    }

    static final class Jetty {
        void use(org.eclipse.jetty.server.Server library) {}
    }

    static final class Flyway {
        void use(org.flywaydb.core.Flyway library) {}
    }

    static final class H2 {
        void use(org.h2.tools.Server library) {}
    }

    static final class Hikari {
        void use(com.zaxxer.hikari.HikariConfig library) {}
    }

    static final class Jooq {
        void use(org.jooq.DSLContext library) {}
    }

    static final class JavaFx {
        void use(javafx.scene.Node library) {}
    }

    static final class Ikonli {
        void use(org.kordamp.ikonli.Ikon library) {}
    }

    static final class Picocli {
        void use(picocli.CommandLine library) {}
    }

    static final class Logback {
        void use(ch.qos.logback.classic.LoggerContext library) {}
    }

    static final class Semver {
        void use(org.semver4j.Semver library) {}
    }

    /// The vortex itself may know Jackson.
    static final class Clean {
        void use(tools.jackson.core.JsonParser library) {}
    }
}
