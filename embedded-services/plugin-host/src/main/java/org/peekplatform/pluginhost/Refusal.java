package org.peekplatform.pluginhost;

import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// Makes the refusals of one package: each names the file, what is wrong in it and the cure.
///
/// @param file what people call the package
record Refusal(String file) {
    private static final int LONGEST_QUOTE = 120;

    PeekException of(String sentence) {
        return of(sentence, null);
    }

    PeekException of(String sentence, @Nullable Throwable cause) {
        return new PeekException(ErrorCode.BAD_REQUEST, file + ": " + sentence, cause);
    }

    /// A foreign text in quotes, with everything that could disturb a terminal or a log made
    /// visible, and not endlessly long.
    static String quote(String text) {
        StringBuilder out = new StringBuilder("'");
        for (int i = 0; i < text.length() && i < LONGEST_QUOTE; i++) {
            char c = text.charAt(i);
            int type = Character.getType(c);
            if (Character.isISOControl(c)
                    || type == Character.FORMAT
                    || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append(text.length() > LONGEST_QUOTE ? "…'" : "'").toString();
    }
}
