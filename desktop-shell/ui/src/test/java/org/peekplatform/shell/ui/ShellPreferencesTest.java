package org.peekplatform.shell.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellPreferencesTest {
    @TempDir Path folder;

    @Test
    void whatIsSavedIsThereNextTime() {
        Path file = folder.resolve("run").resolve("window.properties");
        ShellPreferences first = new ShellPreferences(file);
        first.put("theme", "dark");
        first.put("window.width", "900.0");
        first.save();

        ShellPreferences second = new ShellPreferences(file);

        assertThat(second.get("theme", "")).isEqualTo("dark");
        assertThat(second.number("window.width", 1)).isEqualTo(900);
        assertThat(folder.resolve("run"))
                .isDirectoryContaining(p -> p.endsWith("window.properties"))
                .isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void aDamagedFileCostsTheMemoryOnly() throws Exception {
        Path file = folder.resolve("window.properties");
        Files.writeString(file, "theme=dark\nwindow.width=wide\nx=\\u00zz\n");

        ShellPreferences preferences = new ShellPreferences(file);

        assertThat(preferences.number("window.width", 1280)).isEqualTo(1280);
        assertThat(ThemeChoice.of(preferences.get("theme.unknown", "purple")))
                .isEqualTo(ThemeChoice.SYSTEM);
    }

    @Test
    void aFolderThatCannotBeWrittenIsNoFailure() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        ShellPreferences preferences = new ShellPreferences(file.resolve("window.properties"));
        preferences.put("theme", "light");
        preferences.save();

        assertThat(file).isRegularFile();
    }
}
