package org.peekplatform.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// The settings of a Peek: `config.json` of its home, with what the environment and the command
/// line say instead.
///
/// What counts, first to last: `--set a.b=value`, `PEEK_A_B` in the environment, the file, the
/// default. Settings the file lacks are written into it with their defaults; what overrides them is
/// not. Nothing that stands in the file is lost by a change, neither comments nor what Peek does
/// not know.
///
/// Usable from any thread.
public final class Config {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]+)}");

    /// Variables that are no settings.
    private static final Set<String> OTHER_VARIABLES =
            Set.of("PEEK_HOME", "PEEK_JAVA_HOME", "PEEK_JAVA_OPTS", "PEEK_NO_BUILD");

    private final Path file;
    private final Map<String, String> settings;
    private final Map<String, String> environment;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile State state;

    private Config(
            Path file, Map<String, String> settings, Map<String, String> environment, State state) {
        this.file = file;
        this.settings = settings;
        this.environment = environment;
        this.state = state;
    }

    /// Where a value comes from.
    public enum Source {
        DEFAULT,
        FILE,
        ENVIRONMENT,
        COMMAND_LINE
    }

    /// A setting with its value as it was written: references to secrets are shown, never what they
    /// stand for.
    public record Line(ConfigKey key, String value, Source source) {}

    private record State(
            PeekConfig values, List<Line> lines, List<String> warnings, Set<String> secrets) {}

    /// Reads the settings of `home` for this process, and completes its file.
    ///
    /// @param settings what `--set` says, by key
    public static Config load(Home home, Map<String, String> settings) {
        return load(home.config(), settings, System.getenv());
    }

    /// Reads the settings, and creates or completes the file.
    ///
    /// @throws PeekException naming every wrong setting with its place and what is allowed
    public static Config load(
            Path file, Map<String, String> settings, Map<String, String> environment) {
        ConfigText text = read(file);
        State state = new Reading(file, text, settings, environment).state();
        ConfigText complete = complete(file, text);
        if (!complete.text().equals(text.text()) || !Files.exists(file)) {
            try {
                write(file, complete.text());
            } catch (IOException e) {
                List<String> warnings = new ArrayList<>(state.warnings());
                warnings.add(
                        file + " cannot be written (" + e + "); settings it lacks keep defaults");
                state = new State(state.values(), state.lines(), warnings, state.secrets());
            }
        }
        return new Config(file, Map.copyOf(settings), Map.copyOf(environment), state);
    }

    /// Reads the settings without writing anything.
    static Config check(Path file, Map<String, String> settings, Map<String, String> environment) {
        State state = new Reading(file, read(file), settings, environment).state();
        return new Config(file, Map.copyOf(settings), Map.copyOf(environment), state);
    }

    /// The settings in force, the last change included.
    public PeekConfig values() {
        return state.values();
    }

    /// What is odd about the file or the environment, one sentence each.
    public List<String> warnings() {
        return state.warnings();
    }

    /// Every setting, in the order of the file.
    public List<Line> lines() {
        return state.lines();
    }

    /// What `${env:…}` and `${file:…}` stand for; never to be shown.
    public Set<String> secrets() {
        return state.secrets();
    }

    /// Changes one setting in the file, for good.
    ///
    /// @return the settings in force afterwards
    /// @throws PeekException `BAD_REQUEST` when the value is not allowed; `CONFLICT` when the
    ///   environment or the command line overrides the setting, so that the change would do nothing
    public PeekConfig change(ConfigKey key, String value) {
        return change(Map.of(key, value));
    }

    /// Changes several settings in the file at once, for good.
    ///
    /// @return the settings in force afterwards
    /// @throws PeekException as [#change(ConfigKey, String)]; nothing is changed then
    PeekConfig change(Map<ConfigKey, String> values) {
        changing.lock();
        try {
            ConfigText changed = read(file);
            for (ConfigKey key : ConfigKey.ALL) {
                String value = values.get(key);
                if (value != null) {
                    requireChangeable(key);
                    changed = with(file, changed, key, accepted(key, value));
                }
            }
            changed = complete(file, changed);
            State next = new Reading(file, changed, settings, environment).state();
            write(file, changed.text());
            state = next;
            return next.values();
        } catch (IOException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    values.keySet().stream()
                                    .map(ConfigKey::path)
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + " was not changed: "
                            + file
                            + " cannot be written ("
                            + e
                            + ")",
                    e);
        } finally {
            changing.unlock();
        }
    }

    private static Object accepted(ConfigKey key, String value) {
        Object accepted = key.kind().parse(value);
        if (accepted == null) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    key.path() + " cannot be '" + value + "'; allowed is " + key.kind().allowed());
        }
        return accepted;
    }

    /// Refuses when the environment or the command line overrides the setting.
    ///
    /// @throws PeekException `CONFLICT`
    void requireChangeable(ConfigKey key) {
        Line line = line(key);
        if (line.source() == Source.COMMAND_LINE || line.source() == Source.ENVIRONMENT) {
            throw new PeekException(
                    ErrorCode.CONFLICT,
                    key.path()
                            + " is set to '"
                            + line.value()
                            + "' by "
                            + (line.source() == Source.COMMAND_LINE
                                    ? "--set on the command line"
                                    : "variable " + variable(key, environment))
                            + ", which overrides "
                            + file
                            + "; remove it there to change the setting here");
        }
    }

    /// What the setting says as it was written.
    String written(ConfigKey key) {
        return line(key).value();
    }

    /// The same settings with some overridden, as `--set` does.
    Config with(Map<ConfigKey, String> overrides) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        overrides.forEach((key, value) -> all.put(key.path(), value));
        return check(file, all, environment);
    }

    private Line line(ConfigKey key) {
        return lines().stream().filter(line -> line.key().equals(key)).findFirst().orElseThrow();
    }

    private static ConfigText read(Path file) {
        try {
            String text;
            try {
                text = Files.readString(file);
            } catch (NoSuchFileException e) {
                text = "{}\n";
            }
            return ConfigText.read(text);
        } catch (ConfigText.MalformedException e) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    file
                            + ", line "
                            + e.line()
                            + ", column "
                            + e.column()
                            + ": this is not JSON: "
                            + e.getMessage(),
                    e);
        } catch (IOException e) {
            throw new PeekException(ErrorCode.BAD_REQUEST, file + " cannot be read (" + e + ")", e);
        }
    }

    private static ConfigText complete(Path file, ConfigText text) {
        ConfigText complete = text;
        for (ConfigKey key : ConfigKey.ALL) {
            if (complete.find(key.path()) == null) {
                complete = with(file, complete, key, key.initial());
            }
        }
        return complete;
    }

    private static ConfigText with(Path file, ConfigText text, ConfigKey key, Object value) {
        try {
            return text.with(key.path(), value);
        } catch (ConfigText.MalformedException e) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    file
                            + ", line "
                            + e.line()
                            + ": cannot add "
                            + key.path()
                            + ", because "
                            + e.getMessage(),
                    e);
        }
    }

    /// Writes beside the file, then replaces it: a crash leaves the old file or the new one.
    private static void write(Path file, String text) throws IOException {
        // A link stays a link.
        Path target = Files.exists(file) ? file.toRealPath() : file;
        Path folder = target.toAbsolutePath().getParent();
        Path fresh = Files.createTempFile(folder, ".config", ".json");
        try {
            Files.writeString(fresh, text);
            if (Files.exists(target)
                    && Files.getFileStore(target).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(target));
            }
            Files.move(
                    fresh,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /// The variable that sets `key`, or null. `PEEK_SERVER_DATAEXCHANGE_PORT` and
    /// `PEEK_SERVER_DATA_EXCHANGE_PORT` are both understood.
    private static @Nullable String variable(ConfigKey key, Map<String, String> environment) {
        String wanted = "PEEK" + key.path().replace(".", "").toUpperCase(Locale.ROOT);
        for (String name : environment.keySet()) {
            if (name.startsWith("PEEK_")
                    && name.replace("_", "").toUpperCase(Locale.ROOT).equals(wanted)) {
                return name;
            }
        }
        return null;
    }

    /// One pass over file, environment and command line.
    private static final class Reading {
        private final Path file;
        private final ConfigText text;
        private final Map<String, String> settings;
        private final Map<String, String> environment;
        private final Map<String, Object> values = new LinkedHashMap<>();
        private final List<Line> lines = new ArrayList<>();
        private final List<String> warnings = new ArrayList<>();
        private final List<String> errors = new ArrayList<>();
        private final Set<String> secrets = new LinkedHashSet<>();

        Reading(
                Path file,
                ConfigText text,
                Map<String, String> settings,
                Map<String, String> environment) {
            this.file = file;
            this.text = text;
            this.settings = settings;
            this.environment = environment;
        }

        State state() {
            checkNames(text.root(), "");
            for (String name : new TreeMap<>(settings).keySet()) {
                if (ConfigKey.find(name) == null) {
                    errors.add("--set " + name + ": there is no such setting" + suggestion(name));
                }
            }
            checkVariables();
            for (ConfigKey key : ConfigKey.ALL) {
                resolve(key);
            }
            if (!errors.isEmpty()) {
                throw new PeekException(ErrorCode.BAD_REQUEST, String.join("\n", errors));
            }
            return new State(
                    values(), List.copyOf(lines), List.copyOf(warnings), Set.copyOf(secrets));
        }

        private PeekConfig values() {
            return new PeekConfig(
                    new PeekConfig.Server(
                            new PeekConfig.Admin(
                                    number(ConfigKey.ADMIN_PORT), flag(ConfigKey.ADMIN_NETWORK)),
                            new PeekConfig.DataExchange(
                                    number(ConfigKey.EXCHANGE_PORT),
                                    flag(ConfigKey.EXCHANGE_NETWORK)),
                            new PeekConfig.Backups(
                                    number(ConfigKey.BACKUPS_EVERY),
                                    number(ConfigKey.BACKUPS_KEEP),
                                    flag(ConfigKey.BACKUPS_WITHOUT)),
                            new PeekConfig.Storage(
                                    words(ConfigKey.STORAGE_URL),
                                    words(ConfigKey.STORAGE_USER),
                                    words(ConfigKey.STORAGE_PASSWORD)),
                            new PeekConfig.Queue(
                                    new PeekConfig.RabbitMq(
                                            words(ConfigKey.RABBITMQ_URL),
                                            words(ConfigKey.RABBITMQ_USER),
                                            words(ConfigKey.RABBITMQ_PASSWORD)),
                                    new PeekConfig.Redis(
                                            words(ConfigKey.REDIS_URL),
                                            words(ConfigKey.REDIS_PASSWORD)))),
                    new PeekConfig.Client(
                            words(ConfigKey.CLIENT_NAME),
                            number(ConfigKey.CLIENT_PORT),
                            flag(ConfigKey.CLIENT_NETWORK),
                            new PeekConfig.ServerLink(words(ConfigKey.CLIENT_SERVER_URL)),
                            number(ConfigKey.CLIENT_DEVICE_BUFFER)),
                    new PeekConfig.Agent(
                            words(ConfigKey.AGENT_NAME),
                            number(ConfigKey.AGENT_PORT),
                            new PeekConfig.ServerLink(words(ConfigKey.AGENT_SERVER_URL))),
                    new PeekConfig.Worker(
                            words(ConfigKey.WORKER_NAME),
                            number(ConfigKey.WORKER_PORT),
                            new PeekConfig.ServerLink(words(ConfigKey.WORKER_SERVER_URL)),
                            number(ConfigKey.WORKER_TASKS)),
                    new PeekConfig.Tls(words(ConfigKey.TLS_CERTIFICATE), words(ConfigKey.TLS_KEY)),
                    new PeekConfig.Logging(
                            words(ConfigKey.LOGGING_LEVEL),
                            new PeekConfig.Rotation(
                                    number(ConfigKey.LOGGING_MAX_SIZE),
                                    number(ConfigKey.LOGGING_KEEP))));
        }

        private Object value(ConfigKey key) {
            Object value = values.get(key.path());
            if (value == null) {
                throw new IllegalStateException(key.path() + " was not resolved");
            }
            return value;
        }

        private int number(ConfigKey key) {
            return Math.toIntExact((Long) value(key));
        }

        private boolean flag(ConfigKey key) {
            return (Boolean) value(key);
        }

        private String words(ConfigKey key) {
            return (String) value(key);
        }

        private void resolve(ConfigKey key) {
            String variable = variable(key, environment);
            String setting = settings.get(key.path());
            if (setting != null) {
                fromText(key, setting, Source.COMMAND_LINE, "--set " + key.path());
            } else if (variable != null) {
                fromText(
                        key,
                        environment.getOrDefault(variable, ""),
                        Source.ENVIRONMENT,
                        "variable " + variable);
            } else {
                fromFile(key);
            }
        }

        private void fromText(ConfigKey key, String written, Source source, String place) {
            String resolved = dereference(written, place);
            if (resolved != null) {
                accept(key, key.kind().parse(resolved), written, source, place);
            }
        }

        private void fromFile(ConfigKey key) {
            ConfigText.Node node = text.find(key.path());
            switch (node) {
                case null -> {
                    values.put(key.path(), key.initial());
                    lines.add(new Line(key, String.valueOf(key.initial()), Source.DEFAULT));
                }
                case ConfigText.Scalar(Object value, int start, int end, int line)
                        when value instanceof String written && written.contains("${") -> {
                    fromText(key, written, Source.FILE, place(key.path(), line));
                }
                case ConfigText.Scalar(Object value, int start, int end, int line) ->
                        accept(
                                key,
                                value == null ? null : key.kind().accept(value),
                                value instanceof String string
                                        ? string
                                        : text.text().substring(start, end),
                                Source.FILE,
                                place(key.path(), line));
                case ConfigText.Section section ->
                        errors.add(
                                place(key.path(), section.line())
                                        + " is a section; allowed is "
                                        + key.kind().allowed());
                case ConfigText.Sequence sequence ->
                        errors.add(
                                place(key.path(), sequence.line())
                                        + " is a list; allowed is "
                                        + key.kind().allowed());
            }
        }

        private void accept(
                ConfigKey key,
                @Nullable Object accepted,
                String written,
                Source source,
                String place) {
            if (accepted == null) {
                errors.add(place + " is '" + written + "'; allowed is " + key.kind().allowed());
                return;
            }
            values.put(key.path(), accepted);
            boolean secret =
                    key.kind() instanceof ConfigKey.Secret
                            && accepted instanceof String text
                            && !text.isEmpty();
            if (secret) {
                secrets.add(String.valueOf(accepted));
            }
            boolean shown = !secret || REFERENCE.matcher(written).matches();
            lines.add(new Line(key, shown ? written : "(not shown)", source));
        }

        /// `written` with `${env:X}` and `${file:PATH}` replaced; null, with an error noted, when
        /// one of them leads nowhere.
        private @Nullable String dereference(String written, String place) {
            Matcher matcher = REFERENCE.matcher(written);
            StringBuilder resolved = new StringBuilder();
            while (matcher.find()) {
                String name = matcher.group(2);
                String secret;
                if (matcher.group(1).equals("env")) {
                    secret = environment.get(name);
                    if (secret == null) {
                        errors.add(
                                place
                                        + " refers to "
                                        + matcher.group()
                                        + ", but there is no variable "
                                        + name
                                        + " in the environment");
                        return null;
                    }
                } else {
                    try {
                        // Relative names are seen from the file, not from where Peek was started.
                        secret = Files.readString(file.resolveSibling(name)).strip();
                    } catch (IOException e) {
                        errors.add(
                                place
                                        + " refers to "
                                        + matcher.group()
                                        + ", but that file cannot be read ("
                                        + e
                                        + ")");
                        return null;
                    }
                }
                if (!secret.isEmpty()) {
                    secrets.add(secret);
                }
                matcher.appendReplacement(resolved, Matcher.quoteReplacement(secret));
            }
            return matcher.appendTail(resolved).toString();
        }

        private void checkNames(ConfigText.Section section, String prefix) {
            section.members()
                    .forEach((name, node) -> {
                        String path = prefix + name;
                        if (ConfigKey.find(path) != null) {
                            return;
                        }
                        if (!ConfigKey.isSection(path)) {
                            // For JSON editors: the schema the file follows.
                            if (!path.equals("$schema")) {
                                warnings.add(
                                        place(path, node.line())
                                                + " is not a setting of Peek and has no"
                                                + " effect"
                                                + suggestion(path));
                            }
                        } else if (node instanceof ConfigText.Section inner) {
                            checkNames(inner, path + ".");
                        } else {
                            errors.add(
                                    place(path, node.line()) + " must be a section in braces: {…}");
                        }
                    });
        }

        private void checkVariables() {
            for (String name : new TreeMap<>(environment).keySet()) {
                if (!name.startsWith("PEEK_") || OTHER_VARIABLES.contains(name)) {
                    continue;
                }
                boolean known =
                        ConfigKey.ALL.stream()
                                .anyMatch(key -> variable(key, Map.of(name, "")) != null);
                if (!known) {
                    String path =
                            name.substring("PEEK_".length())
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '.');
                    String nearest = ConfigKey.nearest(path);
                    warnings.add(
                            "variable "
                                    + name
                                    + " is not a setting of Peek and has no effect"
                                    + (nearest == null
                                            ? ""
                                            : "; did you mean PEEK_"
                                                    + nearest.replace('.', '_')
                                                            .toUpperCase(Locale.ROOT)
                                                    + "?"));
                }
            }
        }

        private String place(String path, int line) {
            return file + ", line " + line + ": " + path;
        }

        private static String suggestion(String path) {
            String nearest = ConfigKey.nearest(path);
            return nearest == null ? "" : "; did you mean " + nearest + "?";
        }
    }
}
