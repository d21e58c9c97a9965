package org.peekplatform.benchmarks.codec;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// A tuple as plugins have them: a bit of everything.
@TupleType(name = "bench.Reading")
public record Reading(
        @TupleKey String id,
        String site,
        String description,
        double value,
        long count,
        boolean valid,
        Instant at,
        List<String> labels)
        implements Tuple {
    private static final List<String> LABELS = List.of("north", "checked", "spare", "estimated");

    /// The same list for the same length.
    static List<Reading> list(int length) {
        Random random = new Random(length);
        return IntStream.range(0, length).mapToObj(i -> make(i, random)).toList();
    }

    private static Reading make(int number, Random random) {
        return new Reading(
                "reading-" + number,
                "Site " + random.nextInt(200),
                "Transformer " + Integer.toString(random.nextInt(), 36) + ", bay " + number % 17,
                random.nextInt(1_000_000) / 1_000.0,
                random.nextLong(1L << 40),
                random.nextInt(10) > 0,
                Instant.ofEpochSecond(1_700_000_000L + random.nextInt(10_000_000)),
                LABELS.subList(0, random.nextInt(LABELS.size())));
    }
}
