package org.peekplatform.shell.ui;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the window remembers, in a properties file. A file that cannot be read or written costs the
/// memory, never the window.
final class ShellPreferences {
    private static final Logger log = LoggerFactory.getLogger(ShellPreferences.class);

    private final Path file;
    private final Properties values = new Properties();

    ShellPreferences(Path file) {
        this.file = file;
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            values.load(in);
        } catch (NoSuchFileException e) {
            log.debug("No preferences in {} yet", file);
        } catch (IOException | IllegalArgumentException e) {
            log.warn("The preferences in {} cannot be read; starting without them", file, e);
        }
    }

    synchronized String get(String key, String otherwise) {
        return values.getProperty(key, otherwise);
    }

    synchronized double number(String key, double otherwise) {
        String text = values.getProperty(key);
        if (text == null) {
            return otherwise;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            log.warn("Preference {} in {} is '{}', which is no number", key, file, text);
            return otherwise;
        }
    }

    synchronized void put(String key, String value) {
        values.setProperty(key, value);
    }

    /// Writes the file. May block; safe to call from several threads.
    synchronized void save() {
        try {
            Path absolute = file.toAbsolutePath();
            Path folder = absolute.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Path fresh = absolute.resolveSibling(absolute.getFileName() + ".new");
            try (Writer out = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
                values.store(out, "Remembered by the Peek workstation");
            }
            // Moved into place, so that a crash leaves the old file or the new one.
            Files.move(fresh, absolute, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            log.warn("The preferences cannot be written to {}", file, e);
        }
    }
}
