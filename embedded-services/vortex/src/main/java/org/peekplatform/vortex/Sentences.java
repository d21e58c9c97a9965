package org.peekplatform.vortex;

import java.util.regex.Pattern;

/// Makes sentences for people out of the messages of exceptions, which begin small and have no full
/// stop.
public final class Sentences {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][./_:\\\\][A-Za-z0-9]|^[-/]");

    private Sentences() {}

    public static String of(Throwable problem) {
        String message = problem.getMessage();
        return message == null || message.isBlank()
                ? problem.getClass().getSimpleName() + "."
                : of(message);
    }

    /// Leaves a first word as it is that is a name of something, such as `client.port` or `a.zip`.
    public static String of(String message) {
        String text = message.strip();
        if (text.isEmpty()) {
            return "Something went wrong; the log says what.";
        }
        int blank = text.indexOf(' ');
        boolean startsWithName = NAME.matcher(blank < 0 ? text : text.substring(0, blank)).find();
        boolean ended = text.endsWith(".") || text.endsWith("!") || text.endsWith("?");
        String begun =
                startsWithName ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
        return begun + (ended ? "" : ".");
    }
}
