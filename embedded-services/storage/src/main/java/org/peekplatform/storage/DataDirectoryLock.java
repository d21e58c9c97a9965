package org.peekplatform.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.PeekException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a data folder to one `Database`, in this process and among processes, and can tell who has
/// it. The operating system lets go of the lock when the process dies, however it dies.
///
/// H2 locks its file as well, but it lets the same process open it twice, and then closing one
/// `Database` would close it under the other.
final class DataDirectoryLock implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DataDirectoryLock.class);

    /// Far behind the content, as Windows does not let others read what is locked.
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private final FileChannel channel;

    private DataDirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    static DataDirectoryLock take(Path dataDir, Path database) {
        Path file = dataDir.resolve("peek.lock");
        FileChannel channel = null;
        boolean taken = false;
        try {
            Files.createDirectories(dataDir);
            channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                throw new PeekException(
                        StorageErrors.DATABASE_IN_USE,
                        "the database file "
                                + database
                                + " is in use by "
                                + holder(file)
                                + "; stop that one first, or start this one with another --home");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(
                            Long.toString(ProcessHandle.current().pid())
                                    .getBytes(StandardCharsets.US_ASCII)),
                    0);
            taken = true;
            return new DataDirectoryLock(channel);
        } catch (IOException e) {
            throw new PeekException(
                    StorageErrors.DATABASE_UNAVAILABLE,
                    "the data folder "
                            + dataDir
                            + " cannot be used ("
                            + e
                            + "); check that it can be written by this user",
                    e);
        } finally {
            if (!taken && channel != null) {
                closeQuietly(channel);
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException e) {
            return null; // taken within this process
        }
    }

    private static String holder(Path file) throws IOException {
        String pid = Files.readString(file, StandardCharsets.US_ASCII).strip();
        if (pid.isEmpty()) {
            return "another Peek process";
        }
        return pid.equals(Long.toString(ProcessHandle.current().pid()))
                ? "this process (" + pid + ")"
                : "the Peek process " + pid;
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock goes with the process at the latest; there is nothing the caller could do.
            log.debug("The lock file was not closed cleanly", e);
        }
    }
}
