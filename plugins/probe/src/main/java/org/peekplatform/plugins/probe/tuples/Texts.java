package org.peekplatform.plugins.probe.tuples;

import java.util.SplittableRandom;

/// Texts that a receiver can check and that compression does not make small.
public final class Texts {
    private static final String LETTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private Texts() {}

    /// The text of row `id` at `number`; another number gives another text.
    public static String of(long number, long id, int length) {
        SplittableRandom random = new SplittableRandom(number * 1_000_003 + id);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
