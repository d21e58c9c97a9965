package org.peekplatform.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/// The command line of Peek.
///
/// The commands are described in code rather than by annotations, and not at all when there are no
/// arguments: that is how the workstation is started, and reading annotations takes time.
public final class Cli {
    /// Exit codes.
    public static final int DONE = 0;

    public static final int FAILED = 1;

    public static final int USAGE = 2;

    /// The services that can be named with `--service`.
    private static final List<ServiceKind> SERVICES =
            List.of(ServiceKind.SERVER, ServiceKind.CLIENT, ServiceKind.AGENT, ServiceKind.WORKER);

    private final CliOperations operations;
    private final Map<String, String> environment;
    private final Path userFolder;
    private final PrintStream out;
    private final PrintStream err;

    public Cli(CliOperations operations) {
        this(
                operations,
                System.getenv(),
                Path.of(System.getProperty("user.home")),
                System.out,
                System.err);
    }

    Cli(
            CliOperations operations,
            Map<String, String> environment,
            Path userFolder,
            PrintStream out,
            PrintStream err) {
        this.operations = operations;
        this.environment = environment;
        this.userFolder = userFolder;
        this.out = out;
        this.err = err;
    }

    /// The version of this Peek.
    public static String version() {
        try (InputStream in = Cli.class.getResourceAsStream("version.txt")) {
            return in == null
                    ? "unknown"
                    : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /// Whether windows can be shown.
    ///
    /// @param environment of the process
    /// @param system name of the operating system
    public static boolean hasDisplay(Map<String, String> environment, String system) {
        String name = system.toLowerCase(Locale.ROOT);
        return name.startsWith("windows")
                || name.startsWith("mac")
                || !environment.getOrDefault("DISPLAY", "").isBlank()
                || !environment.getOrDefault("WAYLAND_DISPLAY", "").isBlank();
    }

    /// The same, for this process.
    public static boolean hasDisplay() {
        return hasDisplay(System.getenv(), System.getProperty("os.name"));
    }

    /// Does what the arguments say.
    ///
    /// @return exit code: 0 done, 1 failed, 2 wrong usage
    public int execute(String... args) {
        try {
            if (args.length == 0) {
                return operations.run(new CliOptions(home(null), Set.of(), false, Map.of()));
            }
            return parsed(args);
        } catch (PeekException e) {
            String.valueOf(e.getMessage()).lines().forEach(line -> err.println("peek: " + line));
            return FAILED;
        } catch (RuntimeException e) {
            // The end of the line: an exception that left here would leave the process without an
            // exit code while other threads keep it alive.
            err.println("peek: this is a fault in Peek; please report it with the lines below");
            e.printStackTrace(err);
            return FAILED;
        }
    }

    private int parsed(String... args) {
        try {
            ParseResult result = new CommandLine(commands()).parseArgs(args);
            while (result.hasSubcommand()) {
                if (result.isUsageHelpRequested() || result.isVersionHelpRequested()) {
                    break;
                }
                result = result.subcommand();
            }
            CommandSpec command = result.commandSpec();
            if (result.isUsageHelpRequested()) {
                command.commandLine().usage(out);
                return DONE;
            }
            if (result.isVersionHelpRequested()) {
                out.println("Peek " + version() + " on Java " + Runtime.version());
                return DONE;
            }
            return dispatch(command, result);
        } catch (ParameterException e) {
            err.println("peek: " + e.getMessage());
            err.println(
                    "Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
            return USAGE;
        }
    }

    private int dispatch(CommandSpec command, ParseResult result) {
        CliOptions options = options(command);
        return switch (command.qualifiedName()) {
            case "peek" -> operations.run(options);
            case "peek plugin list" -> list(options);
            case "peek plugin install" -> {
                Path zip = result.matchedPositionalValue(0, Path.of(""));
                if (!Files.isRegularFile(zip)) {
                    throw new ParameterException(
                            command.commandLine(), "there is no file " + zip.toAbsolutePath());
                }
                out.println(operations.install(options, zip));
                yield DONE;
            }
            case "peek plugin remove" -> {
                out.println(operations.remove(options, result.matchedPositionalValue(0, "")));
                yield DONE;
            }
            case "peek config show" -> show(options);
            case "peek config check" -> check(options);
            case "peek join" ->
                    new CliJoin(options.home(), out)
                            .join(
                                    result.matchedPositionalValue(0, ""),
                                    result.matchedOptionValue("--name", null));
            case "peek backup" -> {
                Path file = result.matchedPositionalValue(0, Path.of("")).toAbsolutePath();
                out.println("Writing a backup and restoring it aside to verify it …");
                out.flush();
                out.println(
                        operations.backup(
                                options, file, !result.hasMatchedOption("--without-reloadable")));
                yield DONE;
            }
            case "peek restore" -> {
                Path file = result.matchedPositionalValue(0, Path.of("")).toAbsolutePath();
                if (!Files.isRegularFile(file)) {
                    throw new ParameterException(command.commandLine(), "there is no file " + file);
                }
                out.println("Checking the backup and building a home of it …");
                out.flush();
                out.println(operations.restore(options, file));
                yield DONE;
            }
            case "peek storage move" -> {
                CliOperations.StoragePlace to = storagePlace(command, result);
                out.println("Copying the database and comparing both …");
                out.flush();
                out.println(
                        operations.moveStorage(
                                options,
                                to,
                                line -> {
                                    out.println("  " + line);
                                    out.flush();
                                }));
                yield DONE;
            }
            case "peek doctor" -> new CliDoctor(options, environment, out).examine();
            default ->
                    throw new ParameterException(
                            command.commandLine(),
                            "'"
                                    + command.qualifiedName()
                                    + "' needs one of: "
                                    + String.join(", ", command.subcommands().keySet()));
        };
    }

    private static CliOperations.StoragePlace storagePlace(
            CommandSpec command, ParseResult result) {
        String to = result.matchedOptionValue("--to", "");
        String user = result.matchedOptionValue("--user", "");
        Path file = result.matchedOptionValue("--password-file", null);
        String variable = result.matchedOptionValue("--password-env", "");
        if (to.equals("h2")) {
            if (!user.isEmpty() || file != null || !variable.isEmpty()) {
                throw new ParameterException(
                        command.commandLine(),
                        "--user and passwords belong to PostgreSQL; leave them out with --to h2");
            }
            return CliOperations.StoragePlace.H2;
        }
        if (ConfigKey.STORAGE_URL.kind().parse(to) == null || to.isBlank()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--to cannot be '"
                            + to
                            + "'; allowed is h2 or an address such as"
                            + " jdbc:postgresql://host:5432/database");
        }
        if (file != null && !variable.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--password-file and --password-env name the same password; give one of them");
        }
        if (file != null && !Files.isRegularFile(file)) {
            throw new ParameterException(
                    command.commandLine(), "there is no file " + file.toAbsolutePath());
        }
        String password =
                file != null
                        ? "${file:" + file.toAbsolutePath().normalize() + "}"
                        : variable.isEmpty() ? "" : "${env:" + variable + "}";
        return new CliOperations.StoragePlace(to.strip(), user, password);
    }

    private int list(CliOptions options) {
        List<CliOperations.PluginLine> plugins = operations.plugins(options);
        if (plugins.isEmpty()) {
            out.println("No plugins are installed. Install one with 'peek plugin install ZIP'.");
        }
        for (CliOperations.PluginLine plugin : plugins) {
            out.printf(
                    "%-24s %-12s %s%n",
                    plugin.name(),
                    plugin.version(),
                    plugin.problem() == null
                            ? plugin.state()
                            : plugin.state() + ": " + plugin.problem());
        }
        return DONE;
    }

    private int show(CliOptions options) {
        Config config = Config.check(options.home().config(), options.settings(), environment);
        config.warnings().forEach(warning -> err.println("warning: " + warning));
        for (Config.Line line : config.lines()) {
            String source =
                    switch (line.source()) {
                        case DEFAULT -> "default";
                        case FILE -> "config.json";
                        case ENVIRONMENT -> "environment";
                        case COMMAND_LINE -> "--set";
                    };
            out.printf(
                    "%-32s %-12s (%s)%n",
                    line.key().path(), line.value().isEmpty() ? "\"\"" : line.value(), source);
        }
        return DONE;
    }

    private int check(CliOptions options) {
        Path file = options.home().config();
        Config config = Config.check(file, options.settings(), environment);
        config.warnings().forEach(warning -> out.println("warning: " + warning));
        out.println(
                Files.exists(file)
                        ? file + " is in order."
                        : file + " does not exist yet; it is made at the first start.");
        return DONE;
    }

    private Home home(@Nullable Path option) {
        return Home.locate(option, environment, userFolder);
    }

    private CliOptions options(CommandSpec command) {
        Map<String, String> settings = new LinkedHashMap<>();
        List<String> written = value(command, "--set", List.of());
        for (String setting : written) {
            int equals = setting.indexOf('=');
            String path = equals < 0 ? setting : setting.substring(0, equals);
            ConfigKey key = ConfigKey.find(path);
            if (key == null) {
                String nearest = ConfigKey.nearest(path);
                throw new ParameterException(
                        command.commandLine(),
                        "--set "
                                + path
                                + ": there is no such setting; "
                                + (nearest == null
                                        ? "'peek config show' lists them"
                                        : "did you mean " + nearest + "?"));
            }
            String value = equals < 0 ? "" : setting.substring(equals + 1);
            if (equals < 0 || (!value.contains("${") && key.kind().parse(value) == null)) {
                throw new ParameterException(
                        command.commandLine(),
                        "--set "
                                + path
                                + (equals < 0 ? " has no =value" : " cannot be '" + value + "'")
                                + "; allowed is "
                                + key.kind().allowed());
            }
            settings.put(path, value);
        }
        Path home = value(command, "--home", null);
        return new CliOptions(
                home(home),
                services(command, value(command, "--service", List.of())),
                value(command, "--headless", false),
                settings);
    }

    private static Set<ServiceKind> services(CommandSpec command, List<String> names) {
        Set<ServiceKind> services = EnumSet.noneOf(ServiceKind.class);
        for (String name : names) {
            if (name.equals("all")) {
                services.addAll(SERVICES);
                continue;
            }
            services.add(
                    SERVICES.stream()
                            .filter(kind -> kind.id().equals(name))
                            .findFirst()
                            .orElseThrow(() ->
                                    new ParameterException(
                                            command.commandLine(),
                                            "'"
                                                    + name
                                                    + "' is not a service; there are "
                                                    + String.join(
                                                            ", ",
                                                            SERVICES.stream()
                                                                    .map(ServiceKind::id)
                                                                    .toList())
                                                    + " and all")));
        }
        return services;
    }

    /// The value of an option that may stand before or behind the command's name.
    private static <T extends @Nullable Object> T value(
            CommandSpec command, String option, T otherwise) {
        OptionSpec found = command.findOption(option);
        for (CommandSpec spec = command; spec != null; spec = spec.parent()) {
            OptionSpec own = spec.findOption(option);
            if (own != null && own.getValue() != null) {
                found = own;
                break;
            }
        }
        T value = found == null ? null : found.getValue();
        return value == null ? otherwise : value;
    }

    private static CommandSpec commands() {
        CommandSpec peek = command("peek", "Runs Peek: the workstation with everything embedded.");
        peek.usageMessage()
                .description(
                        "Without a command: runs the workstation with everything embedded, or the"
                                + " services alone when there is no display.")
                .footer(
                        "",
                        "Settings are kept in config.json in the home; 'peek config show' lists"
                                + " them.",
                        "Exit codes: 0 done, 1 failed, 2 wrong usage.");
        peek.addOption(
                OptionSpec.builder("--service")
                        .paramLabel("LIST")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .splitRegex(",")
                        .hideParamSyntax(true)
                        .description(
                                "Runs only these services, without a window: server, client, agent, worker, or"
                                        + " all. Several are separated by commas.")
                        .build());
        peek.addOption(
                OptionSpec.builder("--headless")
                        .type(boolean.class)
                        .description("Runs without a window even if there is a display.")
                        .build());
        peek.addOption(
                OptionSpec.builder("--home")
                        .paramLabel("DIR")
                        .type(Path.class)
                        .scopeType(ScopeType.INHERIT)
                        .description(
                                "Folder in which Peek keeps everything. Otherwise $PEEK_HOME, or"
                                        + " .peek in your own folder.")
                        .build());
        peek.addOption(
                OptionSpec.builder("--set")
                        .paramLabel("KEY=VALUE")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .scopeType(ScopeType.INHERIT)
                        .description(
                                "Overrides a setting for this run. May be given several times.")
                        .build());

        CommandSpec plugin = command("plugin", "Lists, installs and removes plugins.");
        plugin.addSubcommand("list", command("list", "Lists the installed plugins."));
        plugin.addSubcommand(
                "install",
                command("install", "Installs or upgrades a plugin; works while Peek runs.")
                        .addPositional(
                                PositionalParamSpec.builder()
                                        .paramLabel("ZIP")
                                        .type(Path.class)
                                        .required(true)
                                        .description("The plugin's package.")
                                        .build()));
        plugin.addSubcommand(
                "remove",
                command("remove", "Removes a plugin; works while Peek runs.")
                        .addPositional(
                                PositionalParamSpec.builder()
                                        .paramLabel("NAME")
                                        .type(String.class)
                                        .required(true)
                                        .description("The name 'peek plugin list' shows.")
                                        .build()));
        peek.addSubcommand("plugin", plugin);

        CommandSpec config = command("config", "Shows and checks the settings.");
        config.addSubcommand(
                "show",
                command("show", "Shows every setting in force and where its value comes from."));
        config.addSubcommand("check", command("check", "Checks config.json without running Peek."));
        peek.addSubcommand("config", config);

        CommandSpec join =
                command("join", "Makes a service of this home known to a server on another host.");
        join.addPositional(
                PositionalParamSpec.builder()
                        .paramLabel("TOKEN")
                        .type(String.class)
                        .required(true)
                        .description("From the admin of that server; it can be used once.")
                        .build());
        join.addOption(
                OptionSpec.builder("--name")
                        .paramLabel("NAME")
                        .type(String.class)
                        .description(
                                "What the service is called there, unless the token says. Otherwise"
                                        + " made from the name of this host.")
                        .build());
        peek.addSubcommand("join", join);

        CommandSpec backup =
                command(
                        "backup",
                        "Writes everything of the home into one file; works while Peek runs.");
        backup.addPositional(
                PositionalParamSpec.builder()
                        .paramLabel("FILE")
                        .type(Path.class)
                        .required(true)
                        .description("The file to make. It holds keys: keep it safe.")
                        .build());
        backup.addOption(
                OptionSpec.builder("--without-reloadable")
                        .type(boolean.class)
                        .description(
                                "Leaves out the rows of tables that their plugins can load again.")
                        .build());
        peek.addSubcommand("backup", backup);
        peek.addSubcommand(
                "restore",
                command(
                                "restore",
                                "Replaces everything of the home by a backup; what is there is"
                                        + " kept aside.")
                        .addPositional(
                                PositionalParamSpec.builder()
                                        .paramLabel("FILE")
                                        .type(Path.class)
                                        .required(true)
                                        .description("A file that 'peek backup' has made.")
                                        .build()));

        CommandSpec storage = command("storage", "Moves the database.");
        storage.addSubcommand("move", storageMove());
        peek.addSubcommand("storage", storage);

        peek.addSubcommand(
                "doctor", command("doctor", "Checks whether Peek can run here, and says why not."));
        return peek;
    }

    private static CommandSpec storageMove() {
        CommandSpec move =
                command(
                        "move",
                        "Copies the database from H2 to PostgreSQL or back, compares both, and"
                                + " changes the settings; Peek must not be running on the home.");
        move.addOption(
                OptionSpec.builder("--to")
                        .paramLabel("PLACE")
                        .type(String.class)
                        .required(true)
                        .description(
                                "jdbc:postgresql://host:5432/database, an empty database; or h2, the"
                                        + " file in the home.")
                        .build());
        move.addOption(
                OptionSpec.builder("--user")
                        .paramLabel("NAME")
                        .type(String.class)
                        .description("User of PostgreSQL, who owns the database.")
                        .build());
        move.addOption(
                OptionSpec.builder("--password-file")
                        .paramLabel("FILE")
                        .type(Path.class)
                        .description(
                                "File with the password of that user, which Peek goes on reading at"
                                        + " each start.")
                        .build());
        move.addOption(
                OptionSpec.builder("--password-env")
                        .paramLabel("VARIABLE")
                        .type(String.class)
                        .description(
                                "Instead: variable of the environment with it, which each start"
                                        + " needs.")
                        .build());
        return move;
    }

    private static CommandSpec command(String name, String description) {
        CommandSpec command = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
        command.usageMessage().description(description).abbreviateSynopsis(false);
        return command;
    }
}
