package org.peekplatform.benchmarks.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.peekplatform.benchmarks.Wire;

/// Writes and reads a list by the data exchange and by Jackson, in turn, and prints a line of JSON.
public final class CodecLoad {
    private static final int EACH = 9;

    private CodecLoad() {}

    private record Side(String name, Codec codec) {}

    /// Something else was read than had been written.
    private static final class WrongRowsException extends RuntimeException {
        WrongRowsException(String who) {
            super(who + " read other rows than had been written");
        }
    }

    /// @param arguments rows, rounds to warm up and to measure, whether to spoil what was read
    public static void main(String[] arguments) throws Exception {
        List<Reading> rows = Reading.list(Integer.parseInt(arguments[0]));
        int warm = Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        boolean spoil = Boolean.parseBoolean(arguments[3]);
        try (VortexCodec vortex = new VortexCodec()) {
            Map<String, List<Double>> result = new LinkedHashMap<>();
            List<Side> order =
                    List.of(new Side("ours", vortex), new Side("baseline", new JacksonCodec()));
            for (int round = -warm; round < rounds; round++) {
                for (Side side : order) {
                    double[] taken = measure(side, rows, spoil);
                    if (round >= 0) {
                        put(result, side.name() + "Write", taken[0]);
                        put(result, side.name() + "Read", taken[1]);
                        put(result, side.name() + "Bytes", taken[2]);
                    }
                }
                order = order.reversed();
            }
            put(result, "plainBytes", JacksonCodec.plain(rows).length);
            System.out.println(new String(Wire.json(result), StandardCharsets.UTF_8));
        } catch (WrongRowsException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }

    private static void put(Map<String, List<Double>> all, String name, double value) {
        all.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }

    /// @return milliseconds to write and to read, medians, and the bytes
    private static double[] measure(Side side, List<Reading> rows, boolean spoil) throws Exception {
        double[] writing = new double[EACH];
        double[] reading = new double[EACH];
        int bytes = 0;
        for (int i = 0; i < EACH; i++) {
            Codec.Timed<byte[]> written = side.codec().write(rows);
            Codec.Timed<List<Reading>> read = side.codec().read(written.what());
            List<Reading> found = spoil ? read.what().reversed() : read.what();
            if (!found.equals(rows)) {
                throw new WrongRowsException(side.name());
            }
            writing[i] = written.millis();
            reading[i] = read.millis();
            bytes = written.what().length;
        }
        Arrays.sort(writing);
        Arrays.sort(reading);
        return new double[] {writing[EACH / 2], reading[EACH / 2], bytes};
    }
}
