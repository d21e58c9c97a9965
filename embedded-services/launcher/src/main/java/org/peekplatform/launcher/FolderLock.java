package org.peekplatform.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells a folder that a process is making from one that a process left behind which has ended: a
/// file in it is locked, and the operating system lets go of the lock however the process ends.
final class FolderLock implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FolderLock.class);
    private static final String FILE = "building.lock";

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Makes `folder`, which does not exist, and locks it.
    static FolderLock take(Path folder) {
        try {
            Folders.make(folder);
            FileChannel channel =
                    FileChannel.open(
                            folder.resolve(FILE),
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.WRITE);
            channel.lock();
            return new FolderLock(channel);
        } catch (IOException e) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    folder + " cannot be made (" + e + "); check disk and rights",
                    e);
        }
    }

    /// Whether a process is making `folder` now, or that cannot be told.
    static boolean isHeld(Path folder) {
        Path file = folder.resolve(FILE);
        if (Files.notExists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return channel.tryLock() == null;
        } catch (OverlappingFileLockException e) {
            return true; // this process
        } catch (IOException e) {
            log.warn("Whether {} is locked cannot be told", file, e);
            return true;
        }
    }

    /// Lets go; the file stays until the folder is deleted.
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("The lock of a folder was not closed cleanly", e);
        }
    }
}
