package org.peekplatform.storage;

import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogCreator;
import org.slf4j.LoggerFactory;

/// Lets only errors of Flyway into the log, as debug lines: what was migrated and what failed is
/// said once, by [Migrations].
///
/// Flyway makes it by the name of the class, hence public.
public final class FlywayLog implements LogCreator {
    @Override
    public Log createLogger(Class<?> owner) {
        org.slf4j.Logger log = LoggerFactory.getLogger(owner);
        return new Log() {
            @Override
            public void debug(String message) {}

            @Override
            public void info(String message) {}

            @Override
            public void warn(String message) {}

            @Override
            public void error(String message) {
                log.debug(message);
            }

            @Override
            public void error(String message, Exception e) {
                log.debug(message, e);
            }

            @Override
            public void notice(String message) {}
        };
    }
}
