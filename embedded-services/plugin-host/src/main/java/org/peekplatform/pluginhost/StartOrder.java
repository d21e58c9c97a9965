package org.peekplatform.pluginhost;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The order in which plugins start: each after those it requires, otherwise by name, so that it is
/// the same every time.
///
/// @param names all plugins; those in or behind a circle too, after what they require as far as
///   that can be
/// @param circles for plugins that require themselves in a circle, the names round it, the plugin
///   itself first and last
record StartOrder(List<String> names, Map<String, List<String>> circles) {

    /// @param requirements names of required plugins, by name of plugin; names without an entry of
    ///   their own are passed over
    static StartOrder of(Map<String, Set<String>> requirements) {
        Walk walk = new Walk(new TreeMap<>(requirements));
        walk.requirements.keySet().forEach(walk::visit);
        return new StartOrder(List.copyOf(walk.done), Map.copyOf(walk.circles));
    }

    private static final class Walk {
        private final SortedMap<String, Set<String>> requirements;
        private final Set<String> done = new LinkedHashSet<>();
        private final List<String> path = new ArrayList<>();
        private final Map<String, List<String>> circles = new HashMap<>();

        Walk(SortedMap<String, Set<String>> requirements) {
            this.requirements = requirements;
        }

        void visit(String name) {
            if (done.contains(name) || !requirements.containsKey(name)) {
                return;
            }
            int start = path.indexOf(name);
            if (start >= 0) {
                circle(path.subList(start, path.size()));
                return;
            }
            path.add(name);
            requirements.getOrDefault(name, Set.of()).stream().sorted().forEach(this::visit);
            path.removeLast();
            done.add(name);
        }

        private void circle(List<String> round) {
            for (int i = 0; i < round.size(); i++) {
                List<String> from = new ArrayList<>(round.subList(i, round.size()));
                from.addAll(round.subList(0, i));
                from.add(round.get(i));
                circles.putIfAbsent(round.get(i), List.copyOf(from));
            }
        }
    }
}
