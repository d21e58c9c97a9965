package org.peekplatform.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.PeekException;

class ConfigTest {
    private static final PeekConfig DEFAULTS =
            new PeekConfig(
                    new PeekConfig.Server(
                            new PeekConfig.Admin(8010, false),
                            new PeekConfig.DataExchange(8011, false),
                            new PeekConfig.Backups(24, 7, false),
                            new PeekConfig.Storage("", "", ""),
                            new PeekConfig.Queue(
                                    new PeekConfig.RabbitMq("", "", ""),
                                    new PeekConfig.Redis("", ""))),
                    new PeekConfig.Client("client", 8000, false, new PeekConfig.ServerLink(""), 1),
                    new PeekConfig.Agent("agent", 8013, new PeekConfig.ServerLink("")),
                    new PeekConfig.Worker("worker", 8014, new PeekConfig.ServerLink(""), 4),
                    new PeekConfig.Tls("", ""),
                    new PeekConfig.Logging("INFO", new PeekConfig.Rotation(20, 5)));

    private static final int LONGEST_PATH = 4_095;

    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("config.json");
    }

    @Test
    void theFirstStartWritesAFileWithAllDefaults() throws IOException {
        Config config = Config.load(file, Map.of(), Map.of());

        assertThat(config.values()).isEqualTo(DEFAULTS);
        assertThat(config.warnings()).isEmpty();
        assertThat(file)
                .hasContent(
                        """
                        {
                          "server": {
                            "admin": {
                              "port": 8010,
                              "network": false
                            },
                            "dataExchange": {
                              "port": 8011,
                              "network": false
                            },
                            "backups": {
                              "everyHours": 24,
                              "keep": 7,
                              "withoutReloadable": false
                            },
                            "storage": {
                              "url": "",
                              "user": "",
                              "password": ""
                            },
                            "queue": {
                              "rabbitmq": {
                                "url": "",
                                "user": "",
                                "password": ""
                              },
                              "redis": {
                                "url": "",
                                "password": ""
                              }
                            }
                          },
                          "client": {
                            "name": "client",
                            "port": 8000,
                            "network": false,
                            "server": {
                              "url": ""
                            },
                            "deviceBufferMb": 1
                          },
                          "agent": {
                            "name": "agent",
                            "port": 8013,
                            "server": {
                              "url": ""
                            }
                          },
                          "worker": {
                            "name": "worker",
                            "port": 8014,
                            "server": {
                              "url": ""
                            },
                            "tasks": 4
                          },
                          "tls": {
                            "certificate": "",
                            "key": ""
                          },
                          "logging": {
                            "level": "INFO",
                            "rotation": {
                              "maxFileSizeMb": 20,
                              "keep": 5
                            }
                          }
                        }
                        """);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void checkingWritesNothing() {
        Config.check(file, Map.of(), Map.of());

        assertThat(file).doesNotExist();
    }

    @Test
    void aCompleteFileIsNotWrittenAgain() throws IOException {
        Config.load(file, Map.of(), Map.of());
        Object before = Files.readAttributes(file, "unix:ino,lastModifiedTime");
        Config.load(file, Map.of(), Map.of());

        assertThat(Files.readAttributes(file, "unix:ino,lastModifiedTime")).isEqualTo(before);
    }

    @Test
    void whatIsMissingIsAddedAndTheRestStaysAsItIs() throws IOException {
        Files.writeString(
                file,
                """
                {
                  // our own choice
                  "client": {"port": 9000}, /* kept */
                  "zebra": {"a": [1, 2.5, null, {"b": "}"}]},
                  "logging": {
                    "level": "debug" // for a week
                  },
                }
                """);
        Config config = Config.load(file, Map.of(), Map.of());

        assertThat(config.values().client().port()).isEqualTo(9000);
        assertThat(config.values().logging().level()).isEqualTo("DEBUG");
        assertThat(Files.readString(file))
                .startsWith("{\n  // our own choice\n  \"client\": {\"port\": 9000,")
                .contains("/* kept */\n  \"zebra\": {\"a\": [1, 2.5, null, {\"b\": \"}\"}]},\n")
                .contains("\"level\": \"debug\", // for a week\n    \"rotation\": {");
        assertThat(Config.load(file, Map.of(), Map.of()).values()).isEqualTo(config.values());
    }

    @Test
    void anUnknownKeyIsAWarningWithTheNearestName() throws IOException {
        Files.writeString(
                file,
                """
                {
                  "server": {
                    "admin": {"prot": 8010}
                  },
                  "clint": {}, "somethingQuiteDifferent": 1, "$schema": "x"
                }
                """);

        assertThat(Config.load(file, Map.of(), Map.of()).warnings())
                .containsExactly(
                        file
                                + ", line 3: server.admin.prot is not a setting of Peek and has no"
                                + " effect; did you mean server.admin.port?",
                        file
                                + ", line 5: clint is not a setting of Peek and has no effect; did"
                                + " you mean client?",
                        file
                                + ", line 5: somethingQuiteDifferent is not a setting of Peek and"
                                + " has no effect");
    }

    @Test
    void everyWrongValueIsNamedWithItsPlaceAndWhatIsAllowed() throws IOException {
        String text =
                """
                {
                  "server": {"admin": {"port": "80", "network": "yes"}, "dataExchange": {"port": 65536}},
                  "client": {"port": 80.5, "network": null, "server": {"url": "ftp://x"}},
                  "logging": {"level": [], "rotation": 5}
                }
                """;
        Files.writeString(file, text);

        assertThatThrownBy(() -> Config.load(file, Map.of(), Map.of()))
                .isInstanceOf(PeekException.class)
                .message()
                .satisfies(message ->
                        assertThat(message.lines())
                                .containsExactly(
                                        file
                                                + ", line 4: logging.rotation must be a"
                                                + " section in braces: {…}",
                                        file
                                                + ", line 2: server.admin.port is '80';"
                                                + " allowed is a whole number from 0 to"
                                                + " 65535",
                                        file
                                                + ", line 2: server.admin.network is 'yes';"
                                                + " allowed is true or false",
                                        file
                                                + ", line 2: server.dataExchange.port is"
                                                + " '65536'; allowed is a whole number from"
                                                + " 0 to 65535",
                                        file
                                                + ", line 3: client.port is '80.5'; allowed"
                                                + " is a whole number from 0 to 65535",
                                        file
                                                + ", line 3: client.network is 'null';"
                                                + " allowed is true or false",
                                        file
                                                + ", line 3: client.server.url is"
                                                + " 'ftp://x'; allowed is empty or an"
                                                + " address such as ws://host:8011 (http,"
                                                + " https, ws, wss)",
                                        file
                                                + ", line 4: logging.level is a list;"
                                                + " allowed is one of TRACE, DEBUG, INFO,"
                                                + " WARN, ERROR"));
        assertThat(file).hasContent(text);
    }

    @Test
    void badJsonIsReportedWithLineAndColumnAndLeftAlone() throws IOException {
        Files.writeString(file, "{\n  \"client\": {\"port\": 80]\n}\n");

        assertThatThrownBy(() -> Config.load(file, Map.of(), Map.of()))
                .isInstanceOf(PeekException.class)
                .hasMessage(
                        file
                                + ", line 2, column 24: this is not JSON: Unexpected close marker"
                                + " ']': expected '}'");
        assertThat(Files.readString(file)).contains("80]");
    }

    @Test
    void aKeyThatStandsTwiceIsNotGuessedAt() throws IOException {
        Files.writeString(file, "{\"client\": {\"port\": 1, \"port\": 2}}");

        assertThatThrownBy(() -> Config.load(file, Map.of(), Map.of()))
                .hasMessageContaining("line 1, column")
                .hasMessageContaining("port");
    }

    @Test
    void emptyAndAbsurdFilesAreSentencesToo() throws IOException {
        for (String text : new String[] {"", "[]", "{} x", "\"a\"", "[".repeat(5000)}) {
            Files.writeString(file, text);
            assertThatThrownBy(() -> Config.load(file, Map.of(), Map.of()))
                    .as(text)
                    .isInstanceOf(PeekException.class)
                    .hasMessageContaining("this is not JSON");
        }
    }

    @Test
    void theCommandLineGoesBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
        Files.writeString(
                file,
                "{\"client\": {\"port\": 1}, \"server\": {\"admin\": {\"port\": 1},"
                        + " \"dataExchange\": {\"port\": 1}}}");
        Config config =
                Config.load(
                        file,
                        Map.of("client.port", "3"),
                        Map.of("PEEK_CLIENT_PORT", "2", "PEEK_SERVER_ADMIN_PORT", "2"));

        assertThat(config.values().client().port()).isEqualTo(3);
        assertThat(config.values().server().admin().port()).isEqualTo(2);
        assertThat(config.values().server().dataExchange().port()).isEqualTo(1);
        assertThat(config.lines())
                .extracting(Config.Line::source)
                .startsWith(Config.Source.ENVIRONMENT, Config.Source.DEFAULT, Config.Source.FILE);
        assertThat(config.lines())
                .filteredOn(line -> line.key().equals(ConfigKey.CLIENT_PORT))
                .extracting(Config.Line::source)
                .containsExactly(Config.Source.COMMAND_LINE);
        assertThat(Files.readString(file))
                .contains("\"port\": 1")
                .doesNotContain("\"port\": 2")
                .doesNotContain("\"port\": 3");
    }

    @Test
    void aNameIsRefusedThatCouldNotStandInAnAddress() {
        assertThat(
                        Config.load(file, Map.of("agent.name", "north-1.b"), Map.of())
                                .values()
                                .agent()
                                .name())
                .isEqualTo("north-1.b");
        for (String name : List.of("", " ", "-a", "a:b", "two words", "x".repeat(61))) {
            assertThatThrownBy(() -> Config.load(file, Map.of("agent.name", name), Map.of()))
                    .hasMessageContaining("--set agent.name is '" + name + "'; allowed is 1 to 60");
        }
    }

    @Test
    void variablesAreUnderstoodWithAndWithoutUnderscoresBetweenWords() {
        assertThat(
                        Config.load(file, Map.of(), Map.of("PEEK_SERVER_DATAEXCHANGE_PORT", "7"))
                                .values()
                                .server()
                                .dataExchange()
                                .port())
                .isEqualTo(7);
        assertThat(
                        Config.load(file, Map.of(), Map.of("PEEK_SERVER_DATA_EXCHANGE_PORT", "7"))
                                .values()
                                .server()
                                .dataExchange()
                                .port())
                .isEqualTo(7);
    }

    @Test
    void aMisspeltVariableIsAWarning() {
        Map<String, String> environment =
                Map.of("PEEK_CLIENT_PROT", "1", "PEEK_HOME", "x", "PATH", "y");

        assertThat(Config.load(file, Map.of(), environment).warnings())
                .containsExactly(
                        "variable PEEK_CLIENT_PROT is not a setting of Peek and has no effect; did"
                                + " you mean PEEK_CLIENT_PORT?");
    }

    @Test
    void wrongOverridesNameWhereTheyStand() {
        assertThatThrownBy(() ->
                        Config.load(
                                file,
                                Map.of("client.prt", "1", "client.network", "perhaps"),
                                Map.of("PEEK_CLIENT_PORT", "high")))
                .hasMessage(
                        "--set client.prt: there is no such setting; did you mean client.port?\n"
                                + "variable PEEK_CLIENT_PORT is 'high'; allowed is a whole number"
                                + " from 0 to 65535\n"
                                + "--set client.network is 'perhaps'; allowed is true or false");
    }

    @Test
    void secretsAreResolvedButNeitherShownNorWritten() throws IOException {
        Files.writeString(folder.resolve("host.txt"), "hidden.example\n");
        Files.writeString(
                file, "{\"client\": {\"server\": {\"url\": \"ws://${file:host.txt}:${env:P}\"}}}");
        Config config = Config.load(file, Map.of(), Map.of("P", "8011"));

        assertThat(config.values().client().server().url()).isEqualTo("ws://hidden.example:8011");
        assertThat(config.secrets()).containsExactlyInAnyOrder("hidden.example", "8011");
        assertThat(config.lines())
                .extracting(Config.Line::value)
                .contains("ws://${file:host.txt}:${env:P}")
                .noneMatch(value -> value.contains("hidden"));
        assertThat(Files.readString(file)).contains("${file:host.txt}").doesNotContain("hidden");
    }

    @Test
    void aReferenceThatLeadsNowhereIsNamedWithoutTheSecret() throws IOException {
        Files.writeString(
                file, "{\"client\": {\"server\": {\"url\": \"ws://${env:NO}/${file:none}\"}}}");

        assertThatThrownBy(() -> Config.load(file, Map.of(), Map.of()))
                .hasMessage(
                        file
                                + ", line 1: client.server.url refers to ${env:NO}, but there is no"
                                + " variable NO in the environment");
    }

    @Test
    void aWrongSecretIsNotRepeatedInTheMessage() throws IOException {
        Files.writeString(file, "{\"client\": {\"server\": {\"url\": \"${env:ADDRESS}\"}}}");

        assertThatThrownBy(() -> Config.load(file, Map.of(), Map.of("ADDRESS", "s3cret")))
                .hasMessageContaining("'${env:ADDRESS}'")
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    void aChangeReplacesOneValueAndNothingElse() throws IOException {
        Config.load(file, Map.of(), Map.of());
        String before =
                Files.readString(file).replace("\"network\": false", "\"network\" :  false /*x*/");
        Files.writeString(file, before);
        Config config = Config.load(file, Map.of(), Map.of());

        PeekConfig changed = config.change(ConfigKey.ADMIN_NETWORK, "true");

        assertThat(changed.server().admin().network()).isTrue();
        assertThat(config.values()).isEqualTo(changed);
        assertThat(Files.readString(file))
                .isEqualTo(before.replaceFirst(" {2}false /", "  true /"));
    }

    @Test
    void aChangeKeepsWhatWasEditedMeanwhile() throws IOException {
        Config config = Config.load(file, Map.of(), Map.of());
        Files.writeString(file, Files.readString(file).replace("8000", "8123"));

        assertThat(config.change(ConfigKey.ADMIN_NETWORK, "true").client().port()).isEqualTo(8123);
        assertThat(Files.readString(file)).contains("8123");
    }

    @Test
    void aChangeThatIsOverriddenIsRefused() {
        Config config = Config.load(file, Map.of("server.admin.network", "false"), Map.of());

        assertThatThrownBy(() -> config.change(ConfigKey.ADMIN_NETWORK, "true"))
                .hasMessageContaining("by --set on the command line, which overrides " + file);
        assertThat(file).content().doesNotContain("true");
    }

    @Test
    void aChangeToAValueThatIsNotAllowedIsRefused() {
        Config config = Config.load(file, Map.of(), Map.of());

        assertThatThrownBy(() -> config.change(ConfigKey.CLIENT_PORT, "70000"))
                .hasMessage(
                        "client.port cannot be '70000'; allowed is a whole number from 0 to 65535");
    }

    @Test
    void aFileThatCannotBeWrittenIsAWarningAsLongAsItCanBeRead() throws IOException {
        // Permissions do not stop root, the longest path of the system does: there is room for the
        // file
        // but none for the one written beside it.
        Path deep = folder.toRealPath();
        while (deep.toString().length() < LONGEST_PATH - 280) {
            deep = deep.resolve("d".repeat(200));
        }
        deep =
                deep.resolve(
                        "d"
                                .repeat(
                                        LONGEST_PATH
                                                - deep.toString().length()
                                                - "/config.json".length()
                                                - 5));
        Path tight = Files.createDirectories(deep).resolve("config.json");
        Files.writeString(tight, "{}");

        Config config = Config.load(tight, Map.of(), Map.of());

        assertThat(config.values()).isEqualTo(DEFAULTS);
        assertThat(config.warnings()).singleElement().asString().contains("cannot be written");
    }

    @Test
    void aPasswordIsNotShownButWhereItComesFromIs() throws IOException {
        Files.writeString(
                file,
                """
                {"server": {"storage": {"url": "jdbc:postgresql://db/peek", "password": "s3cret"}}}
                """);
        Config plain = Config.load(file, Map.of(), Map.of());
        assertThat(plain.values().server().storage().password()).isEqualTo("s3cret");
        assertThat(shown(plain)).isEqualTo("(not shown)");
        assertThat(plain.secrets()).contains("s3cret");
        assertThat(plain.values().toString()).doesNotContain("s3cret");

        Config referred =
                Config.load(
                        file,
                        Map.of("server.storage.password", "${env:DB}"),
                        Map.of("DB", "other"));
        assertThat(shown(referred)).isEqualTo("${env:DB}");
    }

    private static String shown(Config config) {
        return config.lines().stream()
                .filter(line -> line.key().equals(ConfigKey.STORAGE_PASSWORD))
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Test
    void anAddressThatIsNoneOfPostgresqlIsRefused() {
        assertThatThrownBy(() ->
                        Config.load(
                                file,
                                Map.of("server.storage.url", "jdbc:mysql://db/peek"),
                                Map.of()))
                .hasMessageContaining("jdbc:postgresql://host:5432/database");
    }

    @Test
    void addressesOfBrokersAreRefusedWhereTheyAreNone() {
        for (String wrong :
                List.of(
                        "redis://host",
                        "amqp://",
                        "amqp://guest:guest@host",
                        "host:5672",
                        "amqp:x")) {
            assertThatThrownBy(() ->
                            Config.load(file, Map.of("server.queue.rabbitmq.url", wrong), Map.of()))
                    .hasMessageContaining(
                            "empty or an address such as amqp://host, or amqps://host with TLS, without user and password");
        }
        assertThatThrownBy(() ->
                        Config.load(
                                file,
                                Map.of("server.queue.redis.url", "redis://host/first"),
                                Map.of()))
                .hasMessageContaining("empty or an address such as redis://host");
        PeekConfig.Queue queue =
                Config.load(
                                file,
                                Map.of(
                                        "server.queue.rabbitmq.url", "amqps://host:5671/peek",
                                        "server.queue.rabbitmq.password", "of rabbit",
                                        "server.queue.redis.url", "redis://host:6379/2",
                                        "server.queue.redis.password", "of redis"),
                                Map.of())
                        .values()
                        .server()
                        .queue();
        assertThat(queue.rabbitmq().url()).isEqualTo("amqps://host:5671/peek");
        assertThat(queue.toString()).contains("redis://host:6379/2").doesNotContain("of r");
    }

    @Test
    void everyKeyHasADescriptionAndADefaultThatIsAllowed() {
        assertThat(ConfigKey.ALL)
                .hasSizeGreaterThan(5)
                .allSatisfy(key -> {
                    assertThat(key.description()).endsWith(".");
                    assertThat(key.kind().accept(key.initial())).isEqualTo(key.initial());
                });
    }
}
