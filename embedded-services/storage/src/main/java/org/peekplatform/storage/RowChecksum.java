package org.peekplatform.storage;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A checksum of rows that does not depend on their order: the sum of their hashes.
final class RowChecksum {
    private static final BigInteger RANGE = BigInteger.TWO.pow(256);

    private final MessageDigest digest;
    private BigInteger sum = BigInteger.ZERO;
    private long rows;

    RowChecksum() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    void add(byte[] row) {
        sum = sum.add(new BigInteger(1, digest.digest(row))).mod(RANGE);
        rows++;
    }

    long rows() {
        return rows;
    }

    String text() {
        return sum.toString(16);
    }
}
