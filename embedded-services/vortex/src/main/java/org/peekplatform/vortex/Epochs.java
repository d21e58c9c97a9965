package org.peekplatform.vortex;

import java.security.SecureRandom;

/// Makes the texts that tell one counting of versions from another.
final class Epochs {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Epochs() {}

    static String next() {
        return Long.toUnsignedString(RANDOM.nextLong(), Character.MAX_RADIX);
    }
}
