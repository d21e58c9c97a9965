package org.peekplatform.launcher;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/// Moves the storage of a home and stops in the middle, until it is killed.
final class MoveUntilKilled {
    static final String IN_THE_MIDDLE = "in the middle";

    /// @param args the home; then the place: URL, user, and password as the settings say it
    public static void main(String[] args) {
        new HomeOperations(
                        null,
                        new PrintStream(
                                OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
                .moveStorage(
                        new CliOptions(new Home(Path.of(args[0])), Set.of(), true, Map.of()),
                        new CliOperations.StoragePlace(args[1], args[2], args[3]),
                        line -> {
                            System.out.println(IN_THE_MIDDLE);
                            waitForever();
                        });
    }

    private static void waitForever() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private MoveUntilKilled() {}
}
