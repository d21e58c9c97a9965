package org.peekplatform.plugins.tutorial.admin;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Whole numbers as people enter them.
final class Numbers {
    /// As many digits as a `long` surely holds.
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,18}");

    private Numbers() {}

    /// @return `null` when `entered` is not a whole number
    static @Nullable Long parse(String entered) {
        String digits = entered.strip();
        return WHOLE.matcher(digits).matches() ? Long.valueOf(digits) : null;
    }
}
