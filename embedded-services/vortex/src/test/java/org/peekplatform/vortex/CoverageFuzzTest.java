package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.Jazzer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The decoders against a fuzzer that looks for bytes which reach new code. Each target runs for a
/// few seconds in a process of its own; `-Dpeek.fuzz.seconds` makes it longer.
class CoverageFuzzTest {
    private static final int SECONDS = Integer.getInteger("peek.fuzz.seconds", 6);
    // What the fuzzer exits with when it has found something.
    private static final int FOUND = 77;

    @TempDir Path work;

    @Test
    void framesAreReadOrRefused() throws Exception {
        Path corpus = Files.createDirectory(work.resolve("corpus"));
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/wire"))) {
            for (Path file : files.filter(one -> one.toString().contains("frame-")).toList()) {
                JsonNode fixture = JsonMapper.builder().build().readTree(Files.readAllBytes(file));
                Files.write(
                        corpus.resolve(file.getFileName()),
                        Base64.getDecoder().decode(fixture.get("frameBase64").asString()));
            }
        }
        holds(FuzzTargets.Frames.class, corpus);
    }

    @Test
    void selectorsAreReadOrRefused() throws Exception {
        holds(
                FuzzTargets.Selectors.class,
                corpus("[\"a.B\"]", "[\"a.B\",\"x\",\"1\",\"y\",\"Ä\\n\"]"));
    }

    @Test
    void rowsAreReadOrRefused() throws Exception {
        holds(
                FuzzTargets.Rows.class,
                corpus(
                        "\0{\"keys\":[\"1\",\"7\"],\"rows\":[{\"id\":1},{\"id\":7,\"text\":\"x\"}]}",
                        "\0{\"rows\":[{\"id\":1},{\"id\":7,\"deep\":[{\"a\":1.5}]}]}",
                        "\1{\"remove\":[\"1\"],\"put\":[[0,\"7\",{\"id\":7}],[1,\"2\",{\"id\":2}]]}"));
    }

    @Test
    void tuplesAreReadOrRefused() throws Exception {
        holds(
                FuzzTargets.Tuples.class,
                corpus("{\"id\":7,\"text\":\"x\",\"deep\":[{\"a\":1.5},{}]}", "{\"id\":-1}"));
    }

    @Test
    void aPlantedDefectIsFound() throws Exception {
        Outcome outcome = fuzz(FuzzTargets.Planted.class, corpus("x"), 60);

        assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(FOUND);
        assertThat(outcome.output()).contains("the planted defect");
    }

    private void holds(Class<?> target, Path corpus) throws Exception {
        Outcome outcome = fuzz(target, corpus, SECONDS);

        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        assertThat(outcome.output()).as("what the fuzzer says at its end").contains("Done ");
    }

    private Path corpus(String... texts) throws IOException {
        Path corpus = Files.createDirectory(work.resolve("corpus"));
        for (String text : texts) {
            Files.writeString(corpus.resolve("seed-" + text.hashCode()), text);
        }
        return corpus;
    }

    private record Outcome(int exitCode, String output) {}

    private Outcome fuzz(Class<?> target, Path corpus, int seconds) throws Exception {
        Path output = work.resolve("output.txt");
        Process process =
                new ProcessBuilder(
                                List.of(
                                        ProcessHandle.current().info().command().orElseThrow(),
                                        "-Xmx512m",
                                        "-XX:+UseSerialGC",
                                        "-XX:+EnableDynamicAgentLoading",
                                        "--enable-native-access=ALL-UNNAMED",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Jazzer.class.getName(),
                                        "--target_class=" + target.getName(),
                                        "--instrumentation_includes=org.peekplatform.vortex.**:tools.jackson.core.**",
                                        "--reproducer_path=" + work,
                                        "-artifact_prefix=" + work + "/",
                                        "-max_total_time=" + seconds,
                                        "-timeout=60",
                                        "-max_len=4096",
                                        corpus.toString()))
                        .directory(work.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        int exitCode = process.waitFor();
        return new Outcome(
                exitCode, new String(Files.readAllBytes(output), StandardCharsets.ISO_8859_1));
    }
}
