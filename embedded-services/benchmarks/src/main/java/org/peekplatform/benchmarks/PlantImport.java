package org.peekplatform.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/// Imports the plants through the tutorial's actions, as its view in the web admin does.
final class PlantImport {
    static final String ROWS = "[\"tutorial.StringInt\"]";
    private static final int PIECE = 192 * 1024;

    private PlantImport() {}

    /// Sends the file and runs the import, while `device` observes [#ROWS].
    ///
    /// @return milliseconds from the start to the moment `device` holds the last row
    static double run(Plants plants, WireLink admin, WireLink device, DeviceRows rows)
            throws IOException, InterruptedException {
        byte[] file = Files.readAllBytes(plants.file());
        String id = "bench-" + System.nanoTime();
        String progress = "[\"tutorial.ImportProgress\",\"importId\",\"" + id + "\"]";
        admin.observe(progress);
        String name = String.valueOf(plants.file().getFileName());
        long begun =
                admin.act(
                        "tutorial.StartImport",
                        Map.of("importId", id, "fileName", name, "size", file.length));
        for (int offset = 0; offset < file.length; offset += PIECE) {
            byte[] piece = Arrays.copyOfRange(file, offset, Math.min(file.length, offset + PIECE));
            admin.act(
                    "tutorial.AppendImport",
                    Map.of(
                            "importId",
                            id,
                            "offset",
                            offset,
                            "bytes",
                            Base64.getEncoder().encodeToString(piece)));
        }
        awaitState(admin, progress, "ready");
        admin.act(
                "tutorial.RunImport",
                Map.of(
                        "importId",
                        id,
                        "stringColumn",
                        Plants.TEXT,
                        "intColumn",
                        Plants.NUMBER,
                        "replace",
                        true));
        Wire.Received last;
        do {
            last = device.news(ROWS);
            rows.apply(last);
        } while (rows.all().size() < Plants.ROWS);
        // After the rows were unpacked and read, as a view must before it can show the last one.
        double millis = (System.nanoTime() - begun) / 1e6;
        awaitState(admin, progress, "done");
        check(plants.file(), rows);
        return millis;
    }

    private static void awaitState(WireLink admin, String progress, String state)
            throws InterruptedException {
        DeviceRows imports = new DeviceRows();
        while (true) {
            imports.apply(admin.news(progress));
            for (JsonNode row : imports.all().values()) {
                String now = row.path("state").asString("");
                if (now.equals(state)) {
                    return;
                }
                if (now.equals("failed")) {
                    throw new BenchException(
                            "the import failed: " + row.path("problem").asString(""));
                }
            }
        }
    }

    private static void check(Path file, DeviceRows rows) throws IOException {
        long sum = 0;
        try (CsvRows csv = CsvRows.open(file)) {
            for (CsvRows.Row row : csv) {
                sum += row.number();
            }
        }
        long shown =
                rows.all().values().stream()
                        .filter(Objects::nonNull)
                        .mapToLong(row -> row.path("int1").asLong(0))
                        .sum();
        if (shown != sum) {
            throw new BenchException(
                    "the numbers of the rows at the device add up to " + shown + ", not " + sum);
        }
    }
}
