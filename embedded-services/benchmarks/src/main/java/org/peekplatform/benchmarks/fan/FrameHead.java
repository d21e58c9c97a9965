package org.peekplatform.benchmarks.fan;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Finds members in the header of a frame without parsing it: the generator shares the cores with
/// what it measures.
final class FrameHead {
    private static final byte[] KIND = bytes("\"kind\":\"");
    private static final byte[] VERSION = bytes("\"version\":");
    private static final byte[] RESULT = bytes("\"result\":\"");
    private static final byte[] EPOCH = bytes("\"epoch\":\"");
    private static final byte[] NUMBER = bytes("\"number\":");
    private static final byte[] LOADS = bytes("\"loads\":");
    private static final int LENGTH_BYTES = 4;

    private final byte[] frame;
    private final int length;
    private final int end;

    /// @param length how much of the frame is there
    FrameHead(byte[] frame, int length) {
        this.frame = frame;
        this.length = length;
        int header = length < LENGTH_BYTES ? 0 : ByteBuffer.wrap(frame).getInt();
        end = Math.min(length, LENGTH_BYTES + header);
    }

    String kind() {
        return text(KIND);
    }

    String epoch() {
        return text(EPOCH);
    }

    String result() {
        return text(RESULT);
    }

    /// The version, or -1 when there is none.
    long version() {
        return number(VERSION, LENGTH_BYTES, end);
    }

    /// The number in the first row of the probe, or -1 when there is none in what is known of the
    /// frame.
    long rowNumber() {
        return number(NUMBER, end, length);
    }

    /// How often the provider had been asked for the first row of the probe, or -1.
    long rowLoads() {
        return number(LOADS, end, length);
    }

    private long number(byte[] member, int from, int to) {
        int at = find(member, from, to);
        if (at < 0) {
            return -1;
        }
        long number = 0;
        for (; at < to && frame[at] >= '0' && frame[at] <= '9'; at++) {
            number = number * 10 + frame[at] - '0';
        }
        return number;
    }

    private String text(byte[] member) {
        int at = find(member, LENGTH_BYTES, end);
        int to = at;
        while (at >= 0 && to < end && frame[to] != '"') {
            to++;
        }
        return at < 0 ? "" : new String(frame, at, to - at, StandardCharsets.UTF_8);
    }

    /// Where the value begins; -1 when the member is not there.
    private int find(byte[] member, int from, int to) {
        for (int i = from; i + member.length <= to; i++) {
            int n = 0;
            while (n < member.length && frame[i + n] == member[n]) {
                n++;
            }
            if (n == member.length) {
                return i + n;
            }
        }
        return -1;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
