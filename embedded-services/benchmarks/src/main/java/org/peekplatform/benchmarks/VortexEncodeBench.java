package org.peekplatform.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.peekplatform.benchmarks.codec.CodecLoad;
import tools.jackson.databind.JsonNode;

/// A list of tuples, from the provider to the bytes of a frame, and from these to an observer.
/// Against Jackson alone with the same records and the same compression.
final class VortexEncodeBench implements Bench {
    private static final int WARM = 20;
    private static final int ROUNDS = 9;
    private static final List<Integer> LENGTHS = List.of(1_000, 10_000);

    @Override
    public List<Figure> measure(Lab lab) throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        for (int length : LENGTHS) {
            String tuples = String.format(Locale.ROOT, "%,d tuples", length);
            lab.say("vortex-encode: " + tuples);
            ForeignCpu.Span cpu = ForeignCpu.begin();
            JsonNode result = load(lab, length);
            double plain = VortexSystem.sample(result.path("plainBytes")).median();
            String id = "vortex-encode-" + length;
            String note =
                    String.format(
                            Locale.ROOT,
                            "%d rounds in turn; others used %.0f %% of the machine.",
                            lab.count(ROUNDS),
                            cpu.percent());
            figures.add(figure(result, id, "Write " + tuples, "ms", "Write", List.of(note)));
            figures.add(figure(result, id + "-read", "… read them", "ms", "Read", List.of()));
            figures.add(
                    figure(
                            result,
                            id + "-bytes",
                            "… their size",
                            "bytes",
                            "Bytes",
                            List.of(
                                    String.format(
                                            Locale.ROOT,
                                            "%,.0f bytes of JSON before compression.",
                                            plain))));
        }
        return figures;
    }

    private static JsonNode load(Lab lab, int length) throws IOException, InterruptedException {
        try (Child child =
                lab.start(
                        "the codecs",
                        lab.helper(
                                lab.checkout().productJars(),
                                CodecLoad.class,
                                List.of(
                                        String.valueOf(length),
                                        String.valueOf(WARM),
                                        String.valueOf(lab.count(ROUNDS)),
                                        String.valueOf(lab.options().sabotage()))))) {
            return Wire.JSON.readTree(child.rest());
        }
    }

    private static Figure figure(
            JsonNode result,
            String id,
            String title,
            String unit,
            String member,
            List<String> notes) {
        return new Figure(
                id,
                title,
                unit,
                VortexSystem.sample(result.path("ours" + member)),
                VortexSystem.sample(result.path("baseline" + member)),
                new Target.None(),
                notes);
    }
}
