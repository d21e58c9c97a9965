package org.peekplatform.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Set;
import org.slf4j.Logger;

/// What is logged until [Logging#start]: warnings, on the console. Found by Logback through its
/// service file, before it looks for configuration files of its own.
public final class LoggingDefaults extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(Logging.console(context, new LoggingLayout(false, Set.of())));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
