package org.peekplatform.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `run/<service>.json` in the home: which service runs in which process and on which ports. How
/// the command line finds a running Peek.
///
/// A file left by a process that was killed is recognised: its process is gone, or another one with
/// the same number has started since.
public final class RunFiles implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunFiles.class);

    /// The system tells the start of a process in whole seconds of a clock that may be corrected.
    private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

    private final Path file;
    private final long pid;

    private RunFiles(Path file, long pid) {
        this.file = file;
        this.pid = pid;
    }

    /// A service that runs.
    ///
    /// @param ports by name: `admin` and `dataExchange` of the server, `http` of the others;
    ///   unmodifiable
    public record Running(String service, long pid, Instant startedAt, Map<String, Integer> ports) {
        public Running {
            ports = Map.copyOf(ports);
        }
    }

    /// Says that `service` is up in this process. Call when its ports are open.
    ///
    /// @return closing it says that the service is down
    /// @throws PeekException `CONFLICT` when the service runs in another process on this home
    public static RunFiles write(Home home, String service, Map<String, Integer> ports) {
        ensureNotRunning(home, service);
        long pid = ProcessHandle.current().pid();
        Path file = file(home, service);
        StringBuilder json = new StringBuilder("{\n");
        json.append("  \"service\": ").append(ConfigText.literal(service)).append(",\n");
        json.append("  \"pid\": ").append(pid).append(",\n");
        json.append("  \"startedAt\": ")
                .append(ConfigText.literal(Instant.now().toString()))
                .append(",\n");
        json.append("  \"ports\": {");
        String separator = "";
        for (Map.Entry<String, Integer> port : new TreeMap<>(ports).entrySet()) {
            json.append(separator)
                    .append(ConfigText.literal(port.getKey()))
                    .append(": ")
                    .append(port.getValue());
            separator = ", ";
        }
        json.append("}\n}\n");
        try {
            Path fresh = Files.createTempFile(home.run(), "." + service, ".json");
            try {
                Files.writeString(fresh, json);
                Files.move(
                        fresh,
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw new PeekException(ErrorCode.INTERNAL, file + " cannot be written (" + e + ")", e);
        }
        return new RunFiles(file, pid);
    }

    /// Refuses to go on when `service` runs already, so that two do not work on one home. Call
    /// before anything is opened.
    ///
    /// @throws PeekException `CONFLICT`
    public static void ensureNotRunning(Home home, String service) {
        findRunning(home, service)
                .filter(running -> running.pid() != ProcessHandle.current().pid())
                .ifPresent(running -> {
                    throw new PeekException(
                            ErrorCode.CONFLICT,
                            "the "
                                    + service
                                    + " of home "
                                    + home.root()
                                    + " runs already, as process "
                                    + running.pid()
                                    + " since "
                                    + running.startedAt()
                                    + "; stop it first, or use another home with --home"
                                    + " DIR");
                });
    }

    /// The service, if it runs now.
    public static Optional<Running> findRunning(Home home, String service) {
        return read(file(home, service)).filter(RunFiles::alive);
    }

    /// All services of the home that run now, by name.
    public static List<Running> findRunning(Home home) {
        if (!Files.isDirectory(home.run())) {
            return List.of();
        }
        List<Running> running = new ArrayList<>();
        try (Stream<Path> files = Files.list(home.run())) {
            files.filter(file -> file.getFileName().toString().matches("[^.].*\\.json"))
                    .sorted()
                    .forEach(file -> read(file).filter(RunFiles::alive).ifPresent(running::add));
        } catch (IOException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL, home.run() + " cannot be read (" + e + ")", e);
        }
        return List.copyOf(running);
    }

    /// Says that the service is down. A file that meanwhile belongs to another process stays.
    @Override
    public void close() {
        if (read(file).filter(running -> running.pid() == pid).isPresent()) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                log.warn("{} cannot be deleted; it is recognised as out of date later", file, e);
            }
        }
    }

    private static Path file(Home home, String service) {
        return home.run().resolve(service + ".json");
    }

    private static boolean alive(Running running) {
        Optional<ProcessHandle> process =
                ProcessHandle.of(running.pid()).filter(ProcessHandle::isAlive);
        return process.isPresent()
                && process.flatMap(found -> found.info().startInstant())
                        .map(start -> start.minus(START_TOLERANCE).isBefore(running.startedAt()))
                        .orElse(true);
    }

    /// What the file says; nothing when there is none or it is damaged, which is as good as none.
    private static Optional<Running> read(Path file) {
        try {
            ConfigText text = ConfigText.read(Files.readString(file));
            if (text.find("service") instanceof ConfigText.Scalar(String service, _, _, _)
                    && text.find("pid") instanceof ConfigText.Scalar(Long pid, _, _, _)
                    && text.find("startedAt") instanceof ConfigText.Scalar(String at, _, _, _)) {
                Map<String, Integer> ports = new LinkedHashMap<>();
                if (text.find("ports") instanceof ConfigText.Section section) {
                    section.members()
                            .forEach((name, node) -> {
                                if (node instanceof ConfigText.Scalar(Long port, _, _, _)) {
                                    ports.put(name, Math.toIntExact(port));
                                }
                            });
                }
                return Optional.of(new Running(service, pid, Instant.parse(at), ports));
            }
            log.warn("{} lacks service, pid or startedAt and is ignored", file);
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException
                | ConfigText.MalformedException
                | DateTimeParseException
                | ArithmeticException e) {
            log.warn("{} cannot be read and is ignored", file, e);
            return Optional.empty();
        }
    }
}
