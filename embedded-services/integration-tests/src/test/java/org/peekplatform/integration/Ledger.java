package org.peekplatform.integration;

import java.util.ArrayList;
import java.util.List;

/// What devices have sent, been told and seen, each device's lines in the order in which that
/// happened. What is checked afterwards is read from here and nowhere else.
final class Ledger {
    private final List<Line> lines = new ArrayList<>();

    sealed interface Line {
        int device();

        /// An action is about to be sent.
        record Sent(int device, long number) implements Line {}

        /// It was acknowledged.
        record Acknowledged(int device, long number) implements Line {}

        /// A frame with rows has come in.
        record Received(int device, String selector, String epoch, long version) implements Line {}

        /// The device shows these rows.
        ///
        /// @param whole whether all of them are as they were written, and of the same time
        record Shown(int device, long number, long loads, boolean whole) implements Line {}

        /// The device's link is up.
        record Online(int device) implements Line {}

        /// The device's link is down.
        record Offline(int device, String why) implements Line {}
    }

    synchronized void add(Line line) {
        lines.add(line);
    }

    synchronized List<Line> lines() {
        return List.copyOf(lines);
    }

    /// The newest number that a device shows; -1 for nothing.
    synchronized long shown(int device) {
        for (Line line : lines.reversed()) {
            if (line instanceof Line.Shown shown && shown.device() == device) {
                return shown.number();
            }
        }
        return -1;
    }

    synchronized long count(int device, Class<? extends Line> kind) {
        return lines.stream()
                .filter(line -> line.device() == device && kind.isInstance(line))
                .count();
    }

    synchronized long count(Class<? extends Line> kind) {
        return lines.stream().filter(kind::isInstance).count();
    }
}
