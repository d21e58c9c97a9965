package org.peekplatform.web.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The last ones that were not let in. At most [#MAX] are remembered, and one line for each address
/// and minute is logged, however many strangers try.
final class Refusals {
    private static final Logger log = LoggerFactory.getLogger(Refusals.class);
    private static final int MAX = 100;
    private static final int MAX_CHARS = 80;
    private static final int MAX_REASON_CHARS = 300;
    private static final Duration LOG_PAUSE = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final Map<String, Refusal> refusals = new LinkedHashMap<>();
    private final Map<String, Instant> logged = new LinkedHashMap<>();

    Refusals(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void add(String who, String address, String why) {
        Instant now = clock.instant();
        String name = clean(who);
        String from = clean(address);
        String reason = clean(why, MAX_REASON_CHARS);
        String key = from + "\n" + name + "\n" + reason;
        @Nullable Refusal before = refusals.remove(key);
        refusals.put(
                key,
                before == null
                        ? new Refusal(name, from, reason, 1, now, now)
                        : new Refusal(
                                name, from, reason, before.count() + 1, before.firstAt(), now));
        trim(refusals);
        Instant last = logged.get(from);
        if (last == null || now.isAfter(last.plus(LOG_PAUSE))) {
            logged.remove(from);
            logged.put(from, now);
            trim(logged);
            log.warn("{} at {} was refused: {}", name, from, reason);
        }
    }

    /// The last one first.
    synchronized List<Refusal> list() {
        return List.copyOf(refusals.values()).reversed();
    }

    private static void trim(Map<String, ?> map) {
        if (map.size() > MAX) {
            map.remove(map.keySet().iterator().next());
        }
    }

    /// What a stranger says, short and without anything that a log or a page could stumble over.
    static String clean(String text) {
        return clean(text, MAX_CHARS);
    }

    private static String clean(String text, int most) {
        String some = text.length() > most ? text.substring(0, most) + "…" : text;
        return some.replaceAll("[^\\p{L}\\p{N}\\p{P}\\p{S} ]", "?").strip();
    }
}
