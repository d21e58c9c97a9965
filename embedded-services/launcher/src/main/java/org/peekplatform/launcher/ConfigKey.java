package org.peekplatform.launcher;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peekplatform.storage.PostgresLocation;
import org.peekplatform.web.identity.Enrolment;

/// One setting of `config.json`: its place, what it may be, what it is when nobody says, and what
/// it is for. The table [#ALL] is the only list of them; documentation and schema are made from it.
///
/// @param path member names from the top of the file, joined by dots
/// @param initial value when nothing else is said, as it stands in the file
public record ConfigKey(String path, Kind kind, Object initial, String description) {
    public static final ConfigKey ADMIN_PORT =
            new ConfigKey(
                    "server.admin.port",
                    new WholeNumber(0, 65535),
                    8010L,
                    "Port of the admin site; 0 picks a free one.");
    public static final ConfigKey ADMIN_NETWORK =
            new ConfigKey(
                    "server.admin.network",
                    new Flag(),
                    false,
                    "Whether the admin site can be reached from other machines.");
    public static final ConfigKey EXCHANGE_PORT =
            new ConfigKey(
                    "server.dataExchange.port",
                    new WholeNumber(0, 65535),
                    8011L,
                    "Port on which the server takes links of other services; 0 picks a free one.");
    public static final ConfigKey EXCHANGE_NETWORK =
            new ConfigKey(
                    "server.dataExchange.network",
                    new Flag(),
                    false,
                    "Whether services on other machines can reach the server.");
    public static final ConfigKey BACKUPS_EVERY =
            new ConfigKey(
                    "server.backups.everyHours",
                    new WholeNumber(0, 8760),
                    24L,
                    "How many hours after the last backup the server makes another one in backups;"
                            + " 0 for never.");
    public static final ConfigKey BACKUPS_KEEP =
            new ConfigKey(
                    "server.backups.keep",
                    new WholeNumber(1, 1000),
                    7L,
                    "How many of the backups that the server makes by itself are kept.");
    public static final ConfigKey BACKUPS_WITHOUT =
            new ConfigKey(
                    "server.backups.withoutReloadable",
                    new Flag(),
                    false,
                    "Whether those leave out the rows of tables that their plugins can load"
                            + " again.");
    public static final ConfigKey STORAGE_URL =
            new ConfigKey(
                    "server.storage.url",
                    new DatabaseUrl(),
                    "",
                    "PostgreSQL database of the server, such as jdbc:postgresql://host:5432/peek;"
                            + " empty for the H2 database in the home.");
    public static final ConfigKey STORAGE_USER =
            new ConfigKey(
                    "server.storage.user",
                    new Words(),
                    "",
                    "User of server.storage.url, who owns the database.");
    public static final ConfigKey STORAGE_PASSWORD =
            new ConfigKey(
                    "server.storage.password",
                    new Secret(),
                    "",
                    "Password of server.storage.user; best given as ${file:PATH} or ${env:NAME}.");
    public static final ConfigKey RABBITMQ_URL =
            new ConfigKey(
                    "server.queue.rabbitmq.url",
                    new BrokerAddress(List.of("amqp", "amqps")),
                    "",
                    "RabbitMQ broker that brings tasks to workers, with server.queue.redis.url;"
                            + " empty for workers that take them from the database.");
    public static final ConfigKey RABBITMQ_USER =
            new ConfigKey(
                    "server.queue.rabbitmq.user",
                    new Words(),
                    "",
                    "User of server.queue.rabbitmq.url.");
    public static final ConfigKey RABBITMQ_PASSWORD =
            new ConfigKey(
                    "server.queue.rabbitmq.password",
                    new Secret(),
                    "",
                    "Password of that user; best given as ${file:PATH} or ${env:NAME}.");
    public static final ConfigKey REDIS_URL =
            new ConfigKey(
                    "server.queue.redis.url",
                    new BrokerAddress(List.of("redis", "rediss")),
                    "",
                    "Redis server through which ends of tasks are told, with"
                            + " server.queue.rabbitmq.url.");
    public static final ConfigKey REDIS_PASSWORD =
            new ConfigKey(
                    "server.queue.redis.password",
                    new Secret(),
                    "",
                    "Password of server.queue.redis.url; best given as ${file:PATH} or"
                            + " ${env:NAME}.");
    public static final ConfigKey CLIENT_NAME =
            new ConfigKey(
                    "client.name",
                    new Name(),
                    "client",
                    "Name of the client service, which no other client service of the system has.");
    public static final ConfigKey CLIENT_PORT =
            new ConfigKey(
                    "client.port",
                    new WholeNumber(0, 65535),
                    8000L,
                    "Port of the site for phones and browsers; 0 picks a free one.");
    public static final ConfigKey CLIENT_NETWORK =
            new ConfigKey(
                    "client.network",
                    new Flag(),
                    false,
                    "Whether the client site can be reached from other machines.");
    public static final ConfigKey CLIENT_SERVER_URL =
            new ConfigKey(
                    "client.server.url",
                    new Address(Set.of("http", "https", "ws", "wss")),
                    "",
                    "Address of the server's data exchange; empty for the server of this process"
                            + " or, if it has none, of this home.");
    public static final ConfigKey CLIENT_DEVICE_BUFFER =
            new ConfigKey(
                    "client.deviceBufferMb",
                    new WholeNumber(1, 64),
                    1L,
                    "How many megabytes of answers may wait for a device that does not take them,"
                            + " before its link is closed.");
    public static final ConfigKey AGENT_NAME =
            new ConfigKey(
                    "agent.name",
                    new Name(),
                    "agent",
                    "Name of the agent, which no other agent of the system has.");
    public static final ConfigKey AGENT_PORT =
            new ConfigKey(
                    "agent.port",
                    new WholeNumber(0, 65535),
                    8013L,
                    "Port on which the agent says how it is, to this machine only; 0 picks a free"
                            + " one.");
    public static final ConfigKey AGENT_SERVER_URL =
            new ConfigKey(
                    "agent.server.url",
                    new Address(Set.of("http", "https", "ws", "wss")),
                    "",
                    "Address of the server's data exchange, as for client.server.url.");
    public static final ConfigKey WORKER_NAME =
            new ConfigKey(
                    "worker.name",
                    new Name(),
                    "worker",
                    "Name of the worker, which no other worker of the system has.");
    public static final ConfigKey WORKER_PORT =
            new ConfigKey(
                    "worker.port",
                    new WholeNumber(0, 65535),
                    8014L,
                    "Port on which the worker says how it is, to this machine only; 0 picks a free"
                            + " one.");
    public static final ConfigKey WORKER_SERVER_URL =
            new ConfigKey(
                    "worker.server.url",
                    new Address(Set.of("http", "https", "ws", "wss")),
                    "",
                    "Address of the server's data exchange, as for client.server.url.");
    public static final ConfigKey WORKER_TASKS =
            new ConfigKey(
                    "worker.tasks",
                    new WholeNumber(1, 256),
                    4L,
                    "How many tasks the worker does at once.");
    public static final ConfigKey TLS_CERTIFICATE =
            new ConfigKey(
                    "tls.certificate",
                    new FileName(),
                    "",
                    "PEM file with the certificate that browsers are shown, and its chain; empty"
                            + " for one that Peek makes itself.");
    public static final ConfigKey TLS_KEY =
            new ConfigKey(
                    "tls.key",
                    new FileName(),
                    "",
                    "PEM file with the key of tls.certificate, not encrypted.");
    public static final ConfigKey LOGGING_LEVEL =
            new ConfigKey(
                    "logging.level",
                    new Choice(List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR")),
                    "INFO",
                    "What is logged: this and everything more serious.");
    public static final ConfigKey LOGGING_MAX_SIZE =
            new ConfigKey(
                    "logging.rotation.maxFileSizeMb",
                    new WholeNumber(1, 1024),
                    20L,
                    "Size in megabytes at which a new log file is begun.");
    public static final ConfigKey LOGGING_KEEP =
            new ConfigKey(
                    "logging.rotation.keep",
                    new WholeNumber(1, 20),
                    5L,
                    "How many full log files are kept besides the current one.");

    /// Every setting, in the order of the file.
    public static final List<ConfigKey> ALL =
            List.of(
                    ADMIN_PORT,
                    ADMIN_NETWORK,
                    EXCHANGE_PORT,
                    EXCHANGE_NETWORK,
                    BACKUPS_EVERY,
                    BACKUPS_KEEP,
                    BACKUPS_WITHOUT,
                    STORAGE_URL,
                    STORAGE_USER,
                    STORAGE_PASSWORD,
                    RABBITMQ_URL,
                    RABBITMQ_USER,
                    RABBITMQ_PASSWORD,
                    REDIS_URL,
                    REDIS_PASSWORD,
                    CLIENT_NAME,
                    CLIENT_PORT,
                    CLIENT_NETWORK,
                    CLIENT_SERVER_URL,
                    CLIENT_DEVICE_BUFFER,
                    AGENT_NAME,
                    AGENT_PORT,
                    AGENT_SERVER_URL,
                    WORKER_NAME,
                    WORKER_PORT,
                    WORKER_SERVER_URL,
                    WORKER_TASKS,
                    TLS_CERTIFICATE,
                    TLS_KEY,
                    LOGGING_LEVEL,
                    LOGGING_MAX_SIZE,
                    LOGGING_KEEP);

    /// What values a setting may have.
    public sealed interface Kind {
        /// In words, to follow "allowed is".
        String allowed();

        /// `value`, as read from JSON, in the form the platform uses; null when it is not allowed.
        @Nullable Object accept(Object value);

        /// The same for text from the command line or the environment.
        @Nullable Object parse(String text);
    }

    /// A whole number from `least` to `most`; a `Long` once accepted.
    public record WholeNumber(long least, long most) implements Kind {
        @Override
        public String allowed() {
            return "a whole number from " + least + " to " + most;
        }

        @Override
        public @Nullable Object accept(Object value) {
            return value instanceof Long number && number >= least && number <= most ? value : null;
        }

        @Override
        public @Nullable Object parse(String text) {
            try {
                return accept(Long.valueOf(text.strip()));
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }

    /// Yes or no; a `Boolean` once accepted.
    public record Flag() implements Kind {
        @Override
        public String allowed() {
            return "true or false";
        }

        @Override
        public @Nullable Object accept(Object value) {
            return value instanceof Boolean ? value : null;
        }

        @Override
        public @Nullable Object parse(String text) {
            return switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default -> null;
            };
        }
    }

    /// The name of a service; a `String` once accepted.
    public record Name() implements Kind {
        @Override
        public String allowed() {
            return "1 to 60 letters, digits, dots, underscores and hyphens, beginning with a letter"
                    + " or digit";
        }

        @Override
        public @Nullable Object accept(Object value) {
            return value instanceof String text ? parse(text) : null;
        }

        @Override
        public @Nullable Object parse(String text) {
            String name = text.strip();
            return Enrolment.isServiceName(name) ? name : null;
        }
    }

    /// One of several words, however it is capitalised; a `String` as listed once accepted.
    public record Choice(List<String> words) implements Kind {
        public Choice {
            words = List.copyOf(words);
        }

        @Override
        public String allowed() {
            return "one of " + String.join(", ", words);
        }

        @Override
        public @Nullable Object accept(Object value) {
            return value instanceof String text ? parse(text) : null;
        }

        @Override
        public @Nullable Object parse(String text) {
            return words.stream()
                    .filter(word -> word.equalsIgnoreCase(text.strip()))
                    .findFirst()
                    .orElse(null);
        }
    }

    /// An address with a host, or nothing; a `String` once accepted.
    public record Address(Set<String> schemes) implements Kind {
        public Address {
            schemes = Set.copyOf(schemes);
        }

        @Override
        public String allowed() {
            return "empty or an address such as ws://host:8011 ("
                    + String.join(", ", schemes.stream().sorted().toList())
                    + ")";
        }

        @Override
        public @Nullable Object accept(Object value) {
            return value instanceof String text ? parse(text) : null;
        }

        @Override
        public @Nullable Object parse(String text) {
            String address = text.strip();
            if (address.isEmpty()) {
                return address;
            }
            try {
                URI uri = new URI(address);
                return uri.getHost() != null
                                && uri.getScheme() != null
                                && schemes.contains(uri.getScheme().toLowerCase(Locale.ROOT))
                        ? address
                        : null;
            } catch (URISyntaxException e) {
                return null;
            }
        }
    }

    /// Where a PostgreSQL database is, or nothing; a `String` once accepted.
    public record DatabaseUrl() implements Kind {
        @Override
        public String allowed() {
            return "empty or an address such as jdbc:postgresql://host:5432/database";
        }

        @Override
        public @Nullable Object accept(Object value) {
            return value instanceof String text ? parse(text) : null;
        }

        @Override
        public @Nullable Object parse(String text) {
            String url = text.strip();
            return url.isEmpty() || PostgresLocation.isUrl(url) ? url : null;
        }
    }

    /// The address of a broker, without user and password, which have settings of their own; a
    /// `String` once accepted.
    ///
    /// @param schemes without and with TLS
    public record BrokerAddress(List<String> schemes) implements Kind {
        @Override
        public String allowed() {
            return "empty or an address such as "
                    + schemes.getFirst()
                    + "://host, or "
                    + schemes.getLast()
                    + "://host with TLS, without user and password";
        }

        @Override
        public @Nullable Object accept(Object value) {
            return value instanceof String text ? parse(text) : null;
        }

        @Override
        public @Nullable Object parse(String text) {
            String address = text.strip();
            if (address.isEmpty()) {
                return address;
            }
            try {
                URI uri = new URI(address);
                String path = Objects.requireNonNullElse(uri.getPath(), "");
                boolean known =
                        uri.getHost() != null
                                && uri.getUserInfo() == null
                                && schemes.contains(uri.getScheme());
                // Redis has numbers for names of databases.
                boolean reachable =
                        !schemes.contains("redis") || path.isEmpty() || path.matches("/\\d{0,4}");
                return known && reachable ? address : null;
            } catch (URISyntaxException e) {
                return null;
            }
        }
    }

    /// Any text; a `String` once accepted.
    public record Words() implements Kind {
        @Override
        public String allowed() {
            return "any text";
        }

        @Override
        public @Nullable Object accept(Object value) {
            return value instanceof String ? value : null;
        }

        @Override
        public @Nullable Object parse(String text) {
            return text;
        }
    }

    /// Any text, which is shown to nobody; a `String` once accepted.
    public record Secret() implements Kind {
        @Override
        public String allowed() {
            return "any text";
        }

        @Override
        public @Nullable Object accept(Object value) {
            return value instanceof String ? value : null;
        }

        @Override
        public @Nullable Object parse(String text) {
            return text;
        }
    }

    /// The name of a file, or nothing; a `String` once accepted.
    public record FileName() implements Kind {
        @Override
        public String allowed() {
            return "empty or the full path of a file";
        }

        @Override
        public @Nullable Object accept(Object value) {
            return value instanceof String text ? parse(text) : null;
        }

        @Override
        public @Nullable Object parse(String text) {
            String name = text.strip();
            try {
                return name.isEmpty() || Path.of(name).isAbsolute() ? name : null;
            } catch (InvalidPathException e) {
                return null;
            }
        }
    }

    /// The setting at `path`, if there is one.
    public static @Nullable ConfigKey find(String path) {
        for (ConfigKey key : ALL) {
            if (key.path.equals(path)) {
                return key;
            }
        }
        return null;
    }

    /// Whether `path` is a section, not a setting.
    static boolean isSection(String path) {
        return ALL.stream().anyMatch(key -> key.path.startsWith(path + "."));
    }

    /// The path, of settings and sections, that looks most like `path`; null when none does.
    static @Nullable String nearest(String path) {
        String best = null;
        int bestDistance = Math.max(3, path.length() / 3);
        for (ConfigKey key : ALL) {
            for (String candidate = key.path;
                    !candidate.isEmpty();
                    candidate = candidate.substring(0, Math.max(0, candidate.lastIndexOf('.')))) {
                int distance = distance(lower(path), lower(candidate));
                if (distance < bestDistance) {
                    best = candidate;
                    bestDistance = distance;
                }
            }
        }
        return best;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /// How many letters to insert, delete or replace to get from `a` to `b`.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
