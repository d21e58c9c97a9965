package org.peekplatform.integration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.peekplatform.integration.Ledger.Line;
import org.peekplatform.plugins.probe.tuples.Entry;

/// What must hold of a ledger, whatever happened. Each check answers with what does not hold.
final class Checks {
    private Checks() {}

    /// No device is ever shown an older number after a newer one, and all rows are whole.
    static List<String> forward(List<Line> lines) {
        List<String> wrong = new ArrayList<>();
        Map<Integer, Long> shown = new HashMap<>();
        for (Line line : lines) {
            if (line instanceof Line.Shown(int device, long number, long _, boolean whole)) {
                Long before = shown.put(device, number);
                if (before != null && number < before) {
                    wrong.add("device " + device + " went from " + before + " back to " + number);
                }
                if (!whole) {
                    wrong.add("device " + device + " shows torn rows at " + number);
                }
            }
        }
        return wrong;
    }

    /// No device that holds rows is sent an older version of the same epoch. Holds while no device
    /// asks for a snapshot, which is followed by what is newer.
    static List<String> sentForward(List<Line> lines) {
        record Key(int device, String selector, String epoch) {}
        List<String> wrong = new ArrayList<>();
        Map<Key, Long> versions = new HashMap<>();
        for (Line line : lines) {
            if (line
                    instanceof
                    Line.Received(int device, String selector, String epoch, long version)) {
                Long before = versions.put(new Key(device, selector, epoch), version);
                if (before != null && version < before) {
                    wrong.add(
                            "device %d was sent version %d of %s after %d"
                                    .formatted(device, version, selector, before));
                }
            }
        }
        return wrong;
    }

    /// Every device shows `number` last.
    static List<String> endOn(List<Line> lines, int devices, long number) {
        Map<Integer, Long> last = new HashMap<>();
        for (Line line : lines) {
            if (line instanceof Line.Shown shown) {
                last.put(shown.device(), shown.number());
            }
        }
        List<String> wrong = new ArrayList<>();
        for (int device = 0; device < devices; device++) {
            Long shown = last.get(device);
            if (shown == null || shown != number) {
                wrong.add("device " + device + " ends on " + shown + ", not on " + number);
            }
        }
        return wrong;
    }

    /// When all queues are empty: what was sent was carried out and acknowledged, nothing was
    /// carried out twice or without having been sent, and for each device in the order of its
    /// numbers.
    ///
    /// @param entries what the server has, in the order in which it was carried out
    static List<String> once(List<Line> lines, List<Entry> entries) {
        record Action(String device, long number) {}
        Set<Action> sent = new HashSet<>();
        Set<Action> acknowledged = new HashSet<>();
        for (Line line : lines) {
            switch (line) {
                case Line.Sent(int device, long number) ->
                        sent.add(new Action(DeviceSimulator.name(device), number));
                case Line.Acknowledged(int device, long number) ->
                        acknowledged.add(new Action(DeviceSimulator.name(device), number));
                case Line.Received _, Line.Shown _, Line.Online _, Line.Offline _ -> {}
            }
        }
        List<String> wrong = new ArrayList<>();
        Map<Action, Integer> done = new LinkedHashMap<>();
        Map<String, Long> newest = new HashMap<>();
        for (Entry entry : entries) {
            Action action = new Action(entry.device(), entry.number());
            if (done.merge(action, 1, Integer::sum) == 2) {
                wrong.add(action + " was carried out twice");
            }
            Long before = newest.put(entry.device(), entry.number());
            if (before != null && before > entry.number()) {
                wrong.add(action + " was carried out after number " + before);
            }
            if (!sent.contains(action)) {
                wrong.add(action + " was carried out, but never sent");
            }
        }
        for (Action action : acknowledged) {
            if (!done.containsKey(action)) {
                wrong.add(action + " was acknowledged and is lost");
            }
        }
        for (Action action : sent) {
            if (!done.containsKey(action)) {
                wrong.add(action + " was sent and is lost");
            } else if (!acknowledged.contains(action)) {
                wrong.add(action + " was carried out, and its sender was not told");
            }
        }
        return wrong;
    }
}
