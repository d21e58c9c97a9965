package org.peekplatform.benchmarks.fan;

import java.util.Arrays;

/// Which device has received which change. Every device must receive every change once, in order;
/// anything else ends the measurement.
final class Receipts {
    private static final long UNKNOWN = -1;

    private final String who;
    private final long[] held;
    private long awaited = UNKNOWN;
    private boolean skipping;
    private int received;
    private long firstAt;
    private long lastAt;

    Receipts(String who, int devices) {
        this.who = who;
        held = new long[devices];
        Arrays.fill(held, UNKNOWN);
    }

    /// A receipt is missing, repeated or out of order.
    static final class WrongReceiptException extends RuntimeException {
        WrongReceiptException(String message) {
            super(message);
        }
    }

    /// A device begins with a version.
    void begin(int device, long version) {
        held[device] = version;
    }

    boolean allBegun() {
        return Arrays.stream(held).noneMatch(version -> version == UNKNOWN);
    }

    /// The version all devices hold.
    long version() {
        long version = held[0];
        for (int device = 0; device < held.length; device++) {
            if (held[device] != version) {
                throw new WrongReceiptException(
                        "device "
                                + device
                                + " of "
                                + who
                                + " holds version "
                                + held[device]
                                + ", device 0 version "
                                + version);
            }
        }
        return version;
    }

    /// The next change is about to be made.
    void expectNext() {
        awaited = version() + 1;
        skipping = false;
        received = 0;
    }

    /// Several changes are about to be made, of which devices need only see the last. One may be
    /// seen twice, when it came while what was made of it was being read.
    void expectAtLast(long version) {
        version();
        awaited = version;
        skipping = true;
        received = 0;
    }

    /// Before the first change is awaited, a device may be brought up to date by earlier changes.
    void received(int device, long version, long at) {
        boolean early = awaited == UNKNOWN;
        boolean inOrder = skipping ? version >= held[device] : version == held[device] + 1;
        boolean due = early || (skipping ? version <= awaited : version == awaited);
        if (!inOrder || !due) {
            throw new WrongReceiptException(
                    "device "
                            + device
                            + " of "
                            + who
                            + " received version "
                            + version
                            + " while it held "
                            + held[device]
                            + " and "
                            + awaited
                            + " was due");
        }
        boolean again = version == held[device];
        held[device] = version;
        if (early || again || version != awaited) {
            return;
        }
        if (received++ == 0) {
            firstAt = at;
        }
        lastAt = at;
    }

    boolean complete() {
        return received == held.length;
    }

    /// When the first receipt of this change came.
    long firstAt() {
        return firstAt;
    }

    /// When the last receipt of this change came.
    long lastAt() {
        return lastAt;
    }

    /// Time is up.
    WrongReceiptException missing() {
        for (int device = 0; device < held.length; device++) {
            if (held[device] != awaited) {
                return new WrongReceiptException(
                        (held.length - received)
                                + " of "
                                + held.length
                                + " devices of "
                                + who
                                + " have no receipt of version "
                                + awaited
                                + ", the first of them device "
                                + device
                                + " with version "
                                + held[device]);
            }
        }
        return new WrongReceiptException("the devices of " + who + " do not answer");
    }
}
