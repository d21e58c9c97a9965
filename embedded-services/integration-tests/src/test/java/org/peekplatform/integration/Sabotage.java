package org.peekplatform.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.peekplatform.integration.Ledger.Line;
import org.peekplatform.plugins.probe.tuples.Entry;

/// Spoils what was recorded, to see that a check notices.
final class Sabotage {
    private Sabotage() {}

    /// Two different things that a device was shown change places.
    static void swapShown(List<Line> lines, Function<List<Line>, List<String>> check) {
        List<Line> spoiled = new ArrayList<>(lines);
        for (int i = 0; i < spoiled.size(); i++) {
            if (spoiled.get(i) instanceof Line.Shown first) {
                for (int j = i + 1; j < spoiled.size(); j++) {
                    if (spoiled.get(j) instanceof Line.Shown second
                            && second.device() == first.device()
                            && second.number() > first.number()) {
                        spoiled.set(i, second);
                        spoiled.set(j, first);
                        noticed("two shown in the wrong order", check.apply(spoiled));
                        return;
                    }
                }
            }
        }
        throw new AssertionError("nothing to swap: too little was recorded");
    }

    /// The newest that one device was shown never came.
    static void dropLastShown(
            List<Line> lines, int device, Function<List<Line>, List<String>> check) {
        List<Line> spoiled = new ArrayList<>(lines);
        long last =
                spoiled.stream()
                        .filter(line -> line instanceof Line.Shown && line.device() == device)
                        .mapToLong(line -> ((Line.Shown) line).number())
                        .max()
                        .orElseThrow();
        spoiled.removeIf(line ->
                line instanceof Line.Shown shown
                        && shown.device() == device
                        && shown.number() == last);
        noticed("the newest was not shown", check.apply(spoiled));
    }

    /// One is lost, one is done twice, two are done in the wrong order, one was never sent.
    static void entries(List<Entry> entries, Function<List<Entry>, List<String>> check) {
        List<Entry> lost = new ArrayList<>(entries);
        lost.remove(lost.size() / 2);
        noticed("one is lost", check.apply(lost));

        List<Entry> twice = new ArrayList<>(entries);
        twice.add(entries.get(entries.size() / 2));
        noticed("one is done twice", check.apply(twice));

        List<Entry> unasked = new ArrayList<>(entries);
        unasked.add(new Entry(0, entries.getFirst().device(), Long.MAX_VALUE));
        noticed("one was never sent", check.apply(unasked));

        List<Entry> swapped = new ArrayList<>(entries);
        Entry first = entries.getFirst();
        for (int i = 1; i < entries.size(); i++) {
            if (entries.get(i).device().equals(first.device())) {
                swapped.set(0, entries.get(i));
                swapped.set(i, first);
                noticed("two are done in the wrong order", check.apply(swapped));
                return;
            }
        }
        throw new AssertionError("nothing to swap: too little was recorded");
    }

    private static void noticed(String what, List<String> wrong) {
        assertThat(wrong).as("the check notices that " + what).isNotEmpty();
    }
}
