package org.peekplatform.storage;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peekplatform.api.PeekException;

class OpeningTest {
    @TempDir Path home;

    @Test
    void whatWasCommittedIsThereAfterClosingAndOpening() {
        try (var open = new OpenDatabase(home)) {
            OpenDatabase.insert(open.plugin("tutorial"), 7);
        }
        try (var open = new OpenDatabase(home)) {
            assertThat(OpenDatabase.count(open.database.pluginStorage("tutorial"))).isEqualTo(1);
        }
    }

    @Test
    void theServerAcceptsConnectionsOnTheLoopbackAddressAlone() throws IOException {
        H2Engine engine = H2Engine.open(home);
        try {
            connect(InetAddress.ofLiteral("127.0.0.1"), engine.port());

            List<InetAddress> others =
                    NetworkInterface.networkInterfaces()
                            .flatMap(NetworkInterface::inetAddresses)
                            .filter(address -> !address.getHostAddress().equals("127.0.0.1"))
                            .toList();
            for (InetAddress other : others) {
                assertThatThrownBy(() -> connect(other, engine.port()))
                        .as("connecting to %s", other)
                        .isInstanceOf(ConnectException.class);
            }
        } finally {
            engine.close();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theKernelListsOneSocketOfTheServerAndItIsBoundToLoopback() throws IOException {
        H2Engine engine = H2Engine.open(home);
        try {
            String port = String.format(Locale.ROOT, ":%04X", engine.port());
            List<String> sockets = new ArrayList<>(listening("/proc/net/tcp", port));
            sockets.addAll(listening("/proc/net/tcp6", port));
            // Java makes IPv6 sockets where it can; this one is bound to ::ffff:127.0.0.1.
            assertThat(sockets)
                    .singleElement(as(STRING))
                    .matches("(0000000000000000FFFF0000)?0100007F" + port);
        } finally {
            engine.close();
        }
    }

    private static List<String> listening(String table, String port) throws IOException {
        return Files.readAllLines(Path.of(table)).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(row -> row[3].equals("0A") && row[1].endsWith(port))
                .map(row -> row[1])
                .toList();
    }

    private static void connect(InetAddress address, int port) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 2000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"peek", "./peek", "%s/peek", "mem:other", "mem:management_db_%d", ""})
    void nobodyGetsInWithoutTheSecret(String name) {
        H2Engine engine = H2Engine.open(home);
        try {
            String database =
                    name.replace("%s", home.toString())
                            .replace("%d", Integer.toString(engine.port()));
            String url = "jdbc:h2:tcp://127.0.0.1:" + engine.port() + "/" + database;
            assertThatThrownBy(() -> DriverManager.getConnection(url, "peek", ""))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("Wrong user name or password");
        } finally {
            engine.close();
        }
        assertThat(home).isDirectoryContaining("glob:**peek.mv.db");
        assertThat(home).isDirectoryNotContaining("glob:**other*");
    }

    @Test
    void theSecretIsAnotherOneAtEachStart() throws SQLException {
        assertThat(url()).isNotEqualTo(url());
    }

    private String url() throws SQLException {
        H2Engine engine = H2Engine.open(home);
        try (Connection connection = engine.dataSource().getConnection()) {
            return connection.getMetaData().getURL().replaceAll(".*/|;.*", "");
        } finally {
            engine.close();
        }
    }

    @Test
    void aConnectionAndItsSourceDoNotTellTheSecretWhenPrinted() throws SQLException {
        H2Engine engine = H2Engine.open(home);
        try (Connection connection = engine.dataSource().getConnection()) {
            String secret = connection.getMetaData().getURL().replaceAll(".*/|;.*", "");
            assertThat(secret).hasSize(64);
            assertThat(connection.toString() + engine.dataSource()).doesNotContain(secret);
        } finally {
            engine.close();
        }
    }

    @Test
    void aSecondDatabaseOnTheSameFolderInThisProcessIsRefused() {
        try (var open = new OpenDatabase(home)) {
            assertThatThrownBy(() -> new OpenDatabase(home))
                    .isInstanceOfSatisfying(
                            PeekException.class,
                            e -> assertThat(e.code()).isEqualTo(StorageErrors.DATABASE_IN_USE))
                    .hasMessage(
                            "the database file %s is in use by this process (%d); stop that one"
                                    + " first, or start this one with another --home",
                            home.resolve("data/peek.mv.db"), ProcessHandle.current().pid());
            // and the first one goes on working
            OpenDatabase.insert(open.plugin("tutorial"), 1);
        }
    }

    @Test
    void aSecondProcessOnTheSameFolderIsToldWhoHasTheFileAndWhatToDo() throws Exception {
        try (var open = new OpenDatabase(home)) {
            Process other = OtherProcess.start(OpenAndTell.class, home.resolve("data").toString());
            String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said.strip())
                    .isEqualTo(
                            "DATABASE_IN_USE: the database file %s is in use by the Peek process %d;"
                                    + " stop that one first, or start this one with another --home",
                            home.resolve("data/peek.mv.db"), ProcessHandle.current().pid());
            assertThat(OpenDatabase.count(open.plugin("tutorial"))).isZero();
        }
    }

    @Test
    void aFileOpenedByAnotherProgramIsNamed() throws SQLException {
        new OpenDatabase(home).close();
        // As the H2 console would. Another user name, as H2 would let the same one share the file.
        Path file = home.resolve("data/peek.mv.db");
        try (var store = new org.h2.mvstore.MVStore.Builder().fileName(file.toString()).open()) {
            assertThat(store.isClosed()).isFalse();
            assertThatThrownBy(() -> new OpenDatabase(home))
                    .isInstanceOfSatisfying(
                            PeekException.class,
                            e -> assertThat(e.code()).isEqualTo(StorageErrors.DATABASE_IN_USE))
                    .hasMessage(
                            "the database file %s is in use by another program; close that program"
                                    + " and start again",
                            file);
        }
    }

    @Test
    void aDamagedFileIsNamedWithWhatToDo() throws IOException {
        Path file = Files.createDirectories(home.resolve("data")).resolve("peek.mv.db");
        Files.writeString(file, "this is not a database ".repeat(1000));
        assertThatThrownBy(() -> new OpenDatabase(home))
                .isInstanceOf(PeekException.class)
                .hasMessageStartingWith("the database file " + file + " is damaged")
                .hasMessageEndingWith("restore it from a backup");
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        Files.writeString(home.resolve("data"), "a file where the folder should be");
        assertThatThrownBy(() -> new OpenDatabase(home))
                .isInstanceOfSatisfying(
                        PeekException.class,
                        e -> assertThat(e.code()).isEqualTo(StorageErrors.DATABASE_UNAVAILABLE))
                .hasMessageStartingWith("the data folder " + home.resolve("data"))
                .hasMessageEndingWith("check that it can be written by this user");
    }

    @Test
    void afterAFailedOpeningTheFolderCanBeOpened() throws IOException {
        Path file = Files.createDirectories(home.resolve("data")).resolve("peek.mv.db");
        Files.writeString(file, "this is not a database ".repeat(1000));
        assertThatThrownBy(() -> new OpenDatabase(home)).isInstanceOf(PeekException.class);
        Files.delete(file);
        new OpenDatabase(home).close();
    }

    @Test
    void aFolderWithBlanksQuotesAndSemicolonsWorks() {
        Path odd = home.resolve("a home; with 'odd' % names");
        try (var open = new OpenDatabase(odd)) {
            OpenDatabase.insert(open.plugin("tutorial"), 1);
            Path scripts = open.script("tutorial", "V2__more.sql", "ALTER TABLE entry ADD n INT;");
            assertThat(open.database.migrate("tutorial", scripts).version()).isEqualTo("2");
        }
        assertThat(odd.resolve("data/peek.mv.db")).exists();
    }

    @Test
    void anInterruptedThreadStillClosesCleanly() {
        var open = new OpenDatabase(home);
        OpenDatabase.insert(open.plugin("tutorial"), 1);
        Thread.currentThread().interrupt();
        open.close();
        assertThat(Thread.interrupted()).isTrue();
        try (var again = new OpenDatabase(home)) {
            assertThat(OpenDatabase.count(again.database.pluginStorage("tutorial"))).isEqualTo(1);
        }
    }
}
