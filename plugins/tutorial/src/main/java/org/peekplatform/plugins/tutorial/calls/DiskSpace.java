package org.peekplatform.plugins.tutorial.calls;

import static java.util.Objects.requireNonNull;

/// What a gauge has read. Parameters and results of calls are records like tuples, but need no name
/// of their own.
///
/// @param machine whose disk it is
/// @param freeMegabytes of 1,000,000 bytes
public record DiskSpace(String machine, long freeMegabytes) {
    public static final int LONGEST_MACHINE = 100;

    public DiskSpace {
        requireNonNull(machine, "machine");
        if (machine.isBlank() || machine.length() > LONGEST_MACHINE) {
            throw new IllegalArgumentException(
                    "the name of a machine has 1 to "
                            + LONGEST_MACHINE
                            + " characters, not "
                            + machine.length());
        }
    }
}
