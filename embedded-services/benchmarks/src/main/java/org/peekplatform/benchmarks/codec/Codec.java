package org.peekplatform.benchmarks.codec;

import java.util.List;

/// One way to write a list and to read it.
interface Codec {
    /// What was written or read, and how long it took.
    record Timed<T>(T what, double millis) {}

    Timed<byte[]> write(List<Reading> rows) throws Exception;

    /// @param bytes as [#write] has made them
    Timed<List<Reading>> read(byte[] bytes) throws Exception;
}
