package org.peekplatform.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.peekplatform.api.PeekException;
import org.peekplatform.web.identity.TlsIdentity;

/// `peek doctor`: looks at what Peek needs and says, for each thing, that it is well or what to do.
final class CliDoctor {
    private static final int OLDEST_JAVA = 25;

    private final CliOptions options;
    private final Map<String, String> environment;
    private final PrintStream out;
    private int problems;

    CliDoctor(CliOptions options, Map<String, String> environment, PrintStream out) {
        this.options = options;
        this.environment = environment;
        this.out = out;
    }

    int examine() {
        examineJava();
        examineHome();
        examineConfig();
        examineIdentity();
        if (Cli.hasDisplay(environment, System.getProperty("os.name"))) {
            well("display", "there is one; Peek starts with its window");
        } else {
            well("display", "there is none (DISPLAY is not set); Peek starts without a window");
        }
        if (problems > 0) {
            out.println(problems == 1 ? "1 problem." : problems + " problems.");
            return Cli.FAILED;
        }
        out.println("No problems.");
        return Cli.DONE;
    }

    private void examineJava() {
        String java = Runtime.version() + " in " + System.getProperty("java.home");
        if (Runtime.version().feature() >= OLDEST_JAVA) {
            well("Java", java);
        } else {
            bad("Java", java + " is too old; Peek needs Java " + OLDEST_JAVA + " or newer");
        }
    }

    private void examineHome() {
        Home home = options.home();
        if (home.exists()) {
            try {
                home.prepare();
                well("home", home.root() + " can be written to");
            } catch (PeekException e) {
                bad("home", String.valueOf(e.getMessage()));
            }
            return;
        }
        Path folder = home.root();
        while (folder.getParent() != null && !Files.exists(folder)) {
            folder = folder.getParent();
        }
        if (Files.isDirectory(folder) && Files.isWritable(folder)) {
            well("home", home.root() + " does not exist yet and can be made");
        } else {
            bad(
                    "home",
                    home.root()
                            + " does not exist and cannot be made, because "
                            + folder
                            + " cannot be written to; choose another folder with --home DIR or"
                            + " PEEK_HOME");
        }
    }

    private void examineIdentity() {
        if (Files.exists(options.home().identity().resolve("tls.pem"))) {
            try {
                TlsIdentity tls = TlsIdentity.own(options.home().identity());
                well("identity", "services know this home by the fingerprint " + tls.fingerprint());
            } catch (PeekException e) {
                bad("identity", String.valueOf(e.getMessage()));
            }
        }
    }

    private void examineConfig() {
        PeekConfig config;
        try {
            Config read = Config.check(options.home().config(), options.settings(), environment);
            read.warnings().forEach(warning -> well("settings", "warning: " + warning));
            config = read.values();
            well("settings", "in order");
        } catch (PeekException e) {
            String.valueOf(e.getMessage()).lines().forEach(line -> bad("settings", line));
            return;
        }
        examinePort(
                ConfigKey.ADMIN_PORT,
                config.server().admin().port(),
                config.server().admin().network());
        examinePort(
                ConfigKey.EXCHANGE_PORT,
                config.server().dataExchange().port(),
                config.server().dataExchange().network());
        examinePort(ConfigKey.CLIENT_PORT, config.client().port(), config.client().network());
        examinePort(ConfigKey.AGENT_PORT, config.agent().port(), false);
        examinePort(ConfigKey.WORKER_PORT, config.worker().port(), false);
    }

    private void examinePort(ConfigKey key, int port, boolean network) {
        if (port == 0) {
            well("port", key.path() + " picks a free one");
            return;
        }
        Optional<RunFiles.Running> owner = owner(port);
        if (owner.isPresent()) {
            well(
                    "port",
                    port
                            + " is used by the "
                            + owner.get().service()
                            + " of this home (process "
                            + owner.get().pid()
                            + ")");
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(
                    network
                            ? new InetSocketAddress(port)
                            : new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            well("port", port + " is free (" + key.path() + ")");
        } catch (IOException e) {
            bad(
                    "port",
                    port
                            + " cannot be opened ("
                            + e.getMessage()
                            + "); stop the program that uses it, or choose another port with --set "
                            + key.path()
                            + "=PORT or in "
                            + options.home().config());
        }
    }

    private Optional<RunFiles.Running> owner(int port) {
        List<RunFiles.Running> running = RunFiles.findRunning(options.home());
        return running.stream().filter(service -> service.ports().containsValue(port)).findFirst();
    }

    private void well(String what, String message) {
        out.printf("ok   %-9s %s%n", what, message);
    }

    private void bad(String what, String message) {
        problems++;
        out.printf("BAD  %-9s %s%n", what, message);
    }
}
