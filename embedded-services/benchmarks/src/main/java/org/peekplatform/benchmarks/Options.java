package org.peekplatform.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was asked for on the command line.
///
/// @param names of the figures to measure; all when empty
/// @param json whether programs read the answer
/// @param pairs how often to measure; 0 for what is usual for the figure
/// @param sabotage whether to spoil the measurement, so that the check of it must fail
/// @param keep whether the temporary folder stays
/// @param jfr where recordings of Peek go; `null` for none
/// @param checkout of another build to measure; empty for this one
record Options(
        List<String> names,
        boolean json,
        boolean help,
        int pairs,
        boolean sabotage,
        boolean keep,
        @Nullable Path jfr,
        List<Path> checkout) {

    /// The figures that check what they measure, and can be told to spoil it.
    private static final List<String> CHECKED =
            List.of(
                    "fanout",
                    "vortex-fanout",
                    "vortex-rpc",
                    "vortex-encode",
                    "storage-h2",
                    "storage-postgresql");

    /// The arguments are wrong; the message says how.
    static final class UsageException extends RuntimeException {
        UsageException(String message) {
            super(message);
        }
    }

    static Options parse(List<String> known, String... arguments) {
        List<String> names = new ArrayList<>();
        boolean json = false;
        boolean help = false;
        int pairs = 0;
        boolean sabotage = false;
        boolean keep = false;
        Path jfr = null;
        List<Path> checkout = List.of();
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            switch (argument) {
                case "--json" -> json = true;
                case "--help", "-h" -> help = true;
                case "--sabotage" -> sabotage = true;
                case "--keep" -> keep = true;
                case "--pairs" -> pairs = number(argument, value(arguments, ++i, argument));
                case "--jfr" -> jfr = Path.of(value(arguments, ++i, argument)).toAbsolutePath();
                case "--checkout" -> checkout = List.of(Path.of(value(arguments, ++i, argument)));
                default -> {
                    List<String> group =
                            known.stream().filter(name -> name.startsWith(argument + "-")).toList();
                    if (!known.contains(argument) && !group.isEmpty()) {
                        names.addAll(group);
                        continue;
                    }
                    if (!known.contains(argument)) {
                        throw new UsageException(
                                "'"
                                        + argument
                                        + "' is neither a figure nor an option; figures are "
                                        + String.join(", ", known));
                    }
                    names.add(argument);
                }
            }
        }
        if (sabotage && (names.size() != 1 || !CHECKED.contains(names.getFirst()))) {
            throw new UsageException(
                    "--sabotage tests the check of one figure: "
                            + String.join(" --sabotage, ", CHECKED)
                            + " --sabotage");
        }
        return new Options(List.copyOf(names), json, help, pairs, sabotage, keep, jfr, checkout);
    }

    private static String value(String[] arguments, int i, String option) {
        if (i >= arguments.length) {
            throw new UsageException(option + " needs a value");
        }
        return arguments[i];
    }

    private static int number(String option, String text) {
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new UsageException(option + " needs a whole number above 0, not '" + text + "'");
    }
}
