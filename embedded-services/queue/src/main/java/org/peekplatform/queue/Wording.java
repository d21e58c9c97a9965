package org.peekplatform.queue;

import org.jspecify.annotations.Nullable;

/// Texts as long as their columns take them.
final class Wording {
    private Wording() {}

    static @Nullable String cut(@Nullable String text, int most) {
        return text == null || text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}
