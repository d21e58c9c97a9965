package org.peekplatform.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.peekplatform.vortex.PlatformThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes a backup when the last one is as old as the settings say, and deletes the oldest of those
/// made in this way. Looks at the files, so that a restart delays nothing.
final class BackupSchedule implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BackupSchedule.class);
    private static final String PREFIX = "scheduled-";
    private static final Duration PERIOD = Duration.ofMinutes(10);

    private final Path folder;
    private final PeekConfig.Backups settings;
    private final InstantSource clock;
    private final Consumer<Path> maker;
    private final Future<?> checks;

    /// @param maker writes a backup to a path; throws when it cannot
    BackupSchedule(
            Path folder,
            PeekConfig.Backups settings,
            InstantSource clock,
            PlatformThreads threads,
            Consumer<Path> maker) {
        this.folder = folder;
        this.settings = settings;
        this.clock = clock;
        this.maker = maker;
        checks =
                threads.timer()
                        .scheduleWithFixedDelay(
                                () -> threads.work().execute(this::check),
                                PERIOD.toMinutes(),
                                PERIOD.toMinutes(),
                                TimeUnit.MINUTES);
    }

    /// Makes a backup if one is due; one call at a time.
    synchronized void check() {
        if (settings.everyHours() == 0) {
            return;
        }
        try {
            List<Path> made = made();
            if (made.isEmpty() || isDue(made.getLast())) {
                Path file = folder.resolve(PREFIX + Backup.stamp() + ".zip");
                maker.accept(file);
                log.info("The backup {} was made", file);
            }
            made = made();
            for (Path old : made.subList(0, Math.max(0, made.size() - settings.keep()))) {
                Files.delete(old);
            }
        } catch (IOException | RuntimeException e) {
            log.error(
                    "The scheduled backup was not made; it is tried again in {} minutes",
                    PERIOD.toMinutes(),
                    e);
        }
    }

    private boolean isDue(Path last) throws IOException {
        Duration age =
                Duration.between(Files.getLastModifiedTime(last).toInstant(), clock.instant());
        return age.compareTo(Duration.ofHours(settings.everyHours())) >= 0;
    }

    /// The oldest first.
    private List<Path> made() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> {
                                String name = file.getFileName().toString();
                                return name.startsWith(PREFIX) && name.endsWith(".zip");
                            })
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void close() {
        checks.cancel(false);
    }
}
