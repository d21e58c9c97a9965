package org.peekplatform.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// The logs of this process: short lines on the console, full ones in `logs/<name>.log` with
/// rotation. Set up in code, because reading a configuration file costs a tenth of a second at
/// every start.
public final class Logging implements AutoCloseable {
    /// Name under which the guard round plugin calls puts the plugin's name into the MDC.
    public static final String PLUGIN = "plugin";

    /// Libraries that tell on INFO what interests only who debugs them. JavaFX complains of being
    /// on the class path at every start, which is how Peek runs it.
    private static final String COMPLAINING = "javafx";

    private static final List<String> TALKATIVE =
            List.of(
                    "com.zaxxer.hikari",
                    "io.javalin",
                    "org.eclipse.jetty",
                    "org.flywaydb",
                    "org.jooq");

    private final LoggerContext context;
    private final Path file;

    private Logging(LoggerContext context, Path file) {
        this.context = context;
        this.file = file;
    }

    /// Begins to log. What was logged before went to the console, if it was a warning or worse.
    ///
    /// @param name of the file, without `.log`: the service, or what several in one process are
    ///   called together
    /// @param secrets texts that are replaced wherever they would be logged
    public static Logging start(
            Home home, String name, PeekConfig.Logging config, Set<String> secrets) {
        return start(home, name, config, secrets, Duration.buildBySeconds(1));
    }

    /// @param sizeCheck how often at most the size of the file is looked at
    static Logging start(
            Home home,
            String name,
            PeekConfig.Logging config,
            Set<String> secrets,
            Duration sizeCheck) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Path file = home.logs().resolve(name + ".log");
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(console(context, new LoggingLayout(false, secrets)));
        root.addAppender(
                file(
                        context,
                        file,
                        config.rotation(),
                        sizeCheck,
                        new LoggingLayout(true, secrets)));
        Logging logging = new Logging(context, file);
        logging.level(config.level());
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        return logging;
    }

    /// Changes what is logged, from now on.
    ///
    /// @param name one of those allowed for `logging.level`
    public void level(String name) {
        Level level = Level.toLevel(name, Level.INFO);
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(level);
        boolean quiet = level.isGreaterOrEqual(Level.INFO);
        for (String library : TALKATIVE) {
            context.getLogger(library)
                    .setLevel(quiet && !level.isGreaterOrEqual(Level.WARN) ? Level.WARN : null);
        }
        context.getLogger(COMPLAINING).setLevel(Level.ERROR);
        // java.util.logging drops what its own level does not let through.
        java.util.logging.Logger.getLogger("")
                .setLevel(quiet ? java.util.logging.Level.INFO : java.util.logging.Level.FINE);
    }

    /// The file that is written now.
    public Path file() {
        return file;
    }

    /// Writes what is left and lets go of the file.
    @Override
    public void close() {
        SLF4JBridgeHandler.uninstall();
        context.stop();
    }

    static Appender<ILoggingEvent> console(LoggerContext context, LoggingLayout layout) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("console");
        // Standard output belongs to what a command answers.
        console.setTarget("System.err");
        console.setEncoder(encoder(context, layout));
        console.start();
        return console;
    }

    private static Appender<ILoggingEvent> file(
            LoggerContext context,
            Path file,
            PeekConfig.Rotation rotation,
            Duration sizeCheck,
            LoggingLayout layout) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setName("file");
        appender.setFile(file.toString());
        appender.setEncoder(encoder(context, layout));

        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(appender);
        String base = file.toString();
        rolling.setFileNamePattern(base.substring(0, base.length() - ".log".length()) + ".%i.log");
        rolling.setMinIndex(1);
        rolling.setMaxIndex(rotation.keep());
        rolling.start();

        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(new FileSize(rotation.maxFileSizeMb() * FileSize.MB_COEFFICIENT));
        size.setCheckIncrement(sizeCheck);
        size.start();

        appender.setRollingPolicy(rolling);
        appender.setTriggeringPolicy(size);
        appender.start();
        return appender;
    }

    private static LayoutWrappingEncoder<ILoggingEvent> encoder(
            LoggerContext context, LoggingLayout layout) {
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        return encoder;
    }
}
