package org.peekplatform.launcher;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// How a log line looks. Only the first line of an entry begins with a time: a message cannot pass
/// off a part of itself as another entry.
final class LoggingLayout extends LayoutBase<ILoggingEvent> {
    private static final String HIDDEN = "***";
    private static final String CONTINUATION = "\n    ";

    private final boolean full;
    private final List<String> secrets;
    private final DateTimeFormatter time;

    /// @param full with date, thread and the whole name of the logger
    LoggingLayout(boolean full, Set<String> secrets) {
        this.full = full;
        // A secret may contain another one.
        this.secrets =
                secrets.stream()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .toList();
        this.time =
                DateTimeFormatter.ofPattern(full ? "yyyy-MM-dd'T'HH:mm:ss.SSSXXX" : "HH:mm:ss")
                        .withZone(ZoneId.systemDefault());
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        time.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        line.append(' ').append(event.getLevel());
        line.repeat(' ', Math.max(0, 5 - event.getLevel().levelStr.length()));
        if (full) {
            line.append(" [").append(event.getThreadName()).append(']');
        }
        String plugin = event.getMDCPropertyMap().get(Logging.PLUGIN);
        if (plugin != null) {
            line.append(" {").append(plugin).append('}');
        }
        String logger = event.getLoggerName();
        line.append(' ')
                .append(full ? logger : logger.substring(logger.lastIndexOf('.') + 1))
                .append(": ");
        line.append(indented(event.getFormattedMessage()));
        IThrowableProxy problem = event.getThrowableProxy();
        if (problem != null) {
            line.append(CONTINUATION)
                    .append(indented(ThrowableProxyUtil.asString(problem).strip()));
        }
        String entry = line.append('\n').toString();
        for (String secret : secrets) {
            entry = entry.replace(secret, HIDDEN);
        }
        return entry;
    }

    private static String indented(String text) {
        if (text.indexOf('\n') < 0 && text.indexOf('\r') < 0) {
            return text;
        }
        return text.replace("\r\n", "\n").replace('\r', '\n').replace("\n", CONTINUATION);
    }
}
