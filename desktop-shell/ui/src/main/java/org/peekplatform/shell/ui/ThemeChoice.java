package org.peekplatform.shell.ui;

import java.util.Locale;

/// Which colours the user wants.
public enum ThemeChoice {
    LIGHT("Light"),
    DARK("Dark"),
    SYSTEM("As the system");

    private final String words;

    ThemeChoice(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The choice written as `key`; [#SYSTEM] for anything else.
    static ThemeChoice of(String key) {
        for (ThemeChoice choice : values()) {
            if (choice.key().equals(key)) {
                return choice;
            }
        }
        return SYSTEM;
    }
}
