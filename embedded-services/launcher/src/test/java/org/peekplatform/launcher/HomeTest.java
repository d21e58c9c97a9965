package org.peekplatform.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.PeekException;

class HomeTest {
    @TempDir Path folder;

    @Test
    void theOptionGoesBeforeTheVariableAndTheVariableBeforeTheUsersFolder() {
        Map<String, String> variable = Map.of("PEEK_HOME", "/srv/peek");

        assertThat(Home.locate(Path.of("/opt/home"), variable, folder).root())
                .isEqualTo(Path.of("/opt/home"));
        assertThat(Home.locate(null, variable, folder).root()).isEqualTo(Path.of("/srv/peek"));
        assertThat(Home.locate(null, Map.of(), folder).root()).isEqualTo(folder.resolve(".peek"));
        assertThat(Home.locate(null, Map.of("PEEK_HOME", " "), folder).root())
                .isEqualTo(folder.resolve(".peek"));
    }

    @Test
    void locatingAHomeTouchesNothing() {
        Home home = new Home(folder.resolve("home"));

        assertThat(home.exists()).isFalse();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aNewHomeCanBeReadByItsOwnerOnly() throws IOException {
        Home home = new Home(folder.resolve("deep/home")).prepare();

        assertThat(permissions(home.root())).isEqualTo("rwx------");
        assertThat(permissions(home.recoveryPasswordFile())).isEqualTo("rw-------");
        try (Stream<Path> entries = Files.list(home.root())) {
            assertThat(entries.map(entry -> entry.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "data",
                            "plugins",
                            "logs",
                            "run",
                            "overlay",
                            "backups",
                            "recovery-password.txt");
        }
    }

    @Test
    void theRecoveryPasswordHas160BitsAndStaysTheSame() {
        Home home = new Home(folder.resolve("home")).prepare();
        String first = home.recoveryPassword();
        home.prepare();

        assertThat(first).matches("([a-km-np-z2-9]{4}-){7}[a-km-np-z2-9]{4}");
        assertThat(home.recoveryPassword()).isEqualTo(first);
        assertThat(new Home(folder.resolve("other")).prepare().recoveryPassword())
                .isNotEqualTo(first);
    }

    @Test
    void ofServicesThatStartAtOnceTheFirstMakesThePassword() throws IOException {
        Home home = new Home(folder.resolve("home")).prepare();
        String first = home.recoveryPassword();

        // What the other service does that found no password a moment ago.
        home.writeRecoveryPassword();

        assertThat(home.recoveryPassword()).isEqualTo(first);
        assertThat(home.root())
                .isDirectoryNotContaining(
                        file -> file.getFileName().toString().startsWith(".recovery"));
    }

    @Test
    void aFileInPlaceOfTheHomeIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> new Home(file).prepare())
                .isInstanceOf(PeekException.class)
                .hasMessage(
                        "the home folder "
                                + file
                                + " cannot be used: it is a file; choose a folder with --home DIR"
                                + " or PEEK_HOME");
    }

    @Test
    void aHomeBelowAFileIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> new Home(file.resolve("home")).prepare())
                .isInstanceOf(PeekException.class)
                .hasMessageStartingWith("the home folder " + file.resolve("home"))
                .hasMessageContaining("cannot be written to");
    }

    @Test
    void theHomeOfAnotherUserIsRefused() throws IOException {
        // Root gives its folder away; anybody else tries the one of root.
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        Path root = isRoot ? Files.createDirectory(folder.resolve("home")) : Path.of("/usr");
        if (isRoot) {
            Files.setAttribute(root, "unix:uid", 65534);
        }

        assertThatThrownBy(() -> new Home(root).prepare())
                .isInstanceOf(PeekException.class)
                .hasMessageContaining(
                        "belongs to user '%s' while Peek runs as '%s'"
                                .formatted(
                                        isRoot ? "nobody" : "root",
                                        System.getProperty("user.name")));
    }

    @Test
    void anEmptyPasswordFileIsNotAPassword() throws IOException {
        Home home = new Home(folder.resolve("home")).prepare();
        Files.writeString(home.recoveryPasswordFile(), "\n");

        assertThatThrownBy(home::recoveryPassword)
                .isInstanceOf(PeekException.class)
                .hasMessageContaining("is empty; delete it");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
