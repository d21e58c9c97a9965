package org.peekplatform.vortex;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The queue of a device in a file: after a mark, one record for each append, forced to the disk
/// before it counts.
///
/// A record is the length of its body, a check sum of this length, a check sum of the body, the
/// body, and a closing byte. So what a crash in the middle of an append leaves behind, which was
/// never promised to anybody, can be told from damage: the file ends before the record does, or the
/// disk has given zeros for what it had not written. The first is cut off; the second is an error,
/// because an action that had been taken would be lost without a word.
public final class FileActionStore implements QueueStore {
    private static final Logger log = LoggerFactory.getLogger(FileActionStore.class);
    private static final byte[] MARK = "PEEKACT1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD_BYTES = 12;
    private static final byte CLOSING = 0x5A;
    private static final int MAX_BODY_BYTES = 64 << 20;
    private static final long WORTH_REPLACING_BYTES = 256 << 10;

    private static final byte ADDED = 1;
    private static final byte ENDED = 2;
    private static final byte REMOVED = 3;
    private static final byte NUMBERED = 4;

    private final Path file;
    private final FileChannel lockChannel;
    private FileChannel channel;
    // Where the next record begins.
    private long end;
    private long endAfterReplacing = MARK.length;
    private boolean unsure;

    private FileActionStore(Path file, FileChannel lockChannel, FileChannel channel) {
        this.file = file;
        this.lockChannel = lockChannel;
        this.channel = channel;
    }

    /// Opens `file`, creating it and its folder when missing.
    ///
    /// @throws PeekException with `CONFLICT` when another program has it open, `INTERNAL` when it
    ///   cannot be opened
    public static FileActionStore open(Path file) {
        FileChannel lockChannel = null;
        FileChannel channel = null;
        boolean opened = false;
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            lockChannel =
                    FileChannel.open(
                            beside(file, ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            lock(file, lockChannel);
            channel = openJournal(file);
            FileActionStore store = new FileActionStore(file, lockChannel, channel);
            opened = true;
            return store;
        } catch (IOException e) {
            throw failure(file, "cannot be opened", e);
        } finally {
            if (!opened) {
                closeQuietly(channel);
                closeQuietly(lockChannel);
            }
        }
    }

    private static void lock(Path file, FileChannel lockChannel) throws IOException {
        FileLock lock;
        try {
            lock = lockChannel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new PeekException(
                    ErrorCode.CONFLICT,
                    "the queue of actions "
                            + file
                            + " is in use by another window of Peek; close that one first");
        }
    }

    private static FileChannel openJournal(Path file) throws IOException {
        return FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public List<Change> load() {
        try {
            byte[] bytes = Files.readAllBytes(file);
            List<Change> changes = new ArrayList<>();
            boolean begun =
                    bytes.length < MARK.length
                            && Arrays.equals(bytes, Arrays.copyOf(MARK, bytes.length));
            if (begun || isZeros(bytes, 0)) {
                begin();
                return changes;
            }
            if (!Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length)) {
                throw damaged(0);
            }
            int at = MARK.length;
            while (at < bytes.length) {
                int length = whole(bytes, at);
                if (length < 0) {
                    log.warn(
                            "The last record of the queue {} was not written to its end, as the device stopped in the middle; it is cut off",
                            file);
                    break;
                }
                read(bytes, at, length, changes);
                at += HEAD_BYTES + length + 1;
            }
            end = at;
            if (at < bytes.length) {
                channel.truncate(at);
                channel.force(true);
            }
            return changes;
        } catch (IOException e) {
            throw failure(file, "cannot be read", e);
        }
    }

    /// @return the length of the body of the record at `at`; -1 when it is the last one and was not
    ///   written to its end
    private int whole(byte[] bytes, int at) {
        int left = bytes.length - at;
        if (isZeros(bytes, at) || left < HEAD_BYTES) {
            return -1;
        }
        ByteBuffer head = ByteBuffer.wrap(bytes, at, HEAD_BYTES);
        int length = head.getInt();
        if (head.getInt() != checksum(bytes, at, 4)) {
            throw damaged(at);
        }
        if (length < 0 || length > MAX_BODY_BYTES) {
            throw damaged(at);
        }
        if (left < HEAD_BYTES + length + 1) {
            return -1;
        }
        int closing = at + HEAD_BYTES + length;
        if (bytes[closing] == 0 && isZeros(bytes, closing)) {
            return -1;
        }
        if (bytes[closing] != CLOSING
                || head.getInt() != checksum(bytes, at + HEAD_BYTES, length)) {
            throw damaged(at);
        }
        return length;
    }

    private static boolean isZeros(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private void begin() throws IOException {
        channel.truncate(0);
        writeAt(channel, ByteBuffer.wrap(MARK), 0);
        channel.force(true);
        forceFolder();
        end = MARK.length;
    }

    @Override
    public void append(List<Change> changes) {
        try {
            if (unsure) {
                // What a failed append has left must not stand before the next record.
                channel.truncate(end);
                channel.force(true);
                unsure = false;
            }
            unsure = true;
            byte[] record = record(changes);
            writeAt(channel, ByteBuffer.wrap(record), end);
            channel.force(false);
            end += record.length;
            unsure = false;
        } catch (IOException e) {
            throw failure(file, "cannot be written", e);
        }
    }

    @Override
    public boolean wantsReplacing() {
        return end > WORTH_REPLACING_BYTES && end > 4 * endAfterReplacing;
    }

    @Override
    public void replace(List<Change> changes) {
        Path next = beside(file, ".new");
        FileChannel fresh = null;
        boolean replaced = false;
        try {
            fresh =
                    FileChannel.open(
                            next,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            writeAt(fresh, ByteBuffer.wrap(MARK), 0);
            long at = MARK.length;
            // One record each, so that none grows beyond its limit; the file counts as a whole.
            for (Change change : changes) {
                byte[] record = record(List.of(change));
                writeAt(fresh, ByteBuffer.wrap(record), at);
                at += record.length;
            }
            fresh.force(true);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            replaced = true;
            FileChannel old = channel;
            channel = fresh;
            end = at;
            endAfterReplacing = at;
            unsure = false;
            closeQuietly(old);
            forceFolder();
        } catch (IOException e) {
            throw failure(file, "cannot be shortened", e);
        } finally {
            if (!replaced) {
                closeQuietly(fresh);
            }
        }
    }

    private void forceFolder() {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            return;
        }
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        } catch (IOException e) {
            log.debug("This system does not force folders to the disk", e);
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
        closeQuietly(lockChannel);
    }

    private static void closeQuietly(@Nullable FileChannel one) {
        if (one != null) {
            try {
                one.close();
            } catch (IOException e) {
                log.debug("A file could not be closed", e);
            }
        }
    }

    private static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static void writeAt(FileChannel to, ByteBuffer bytes, long position)
            throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += to.write(bytes, at);
        }
    }

    private static int checksum(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private static byte[] record(List<Change> changes) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(body)) {
            out.writeInt(changes.size());
            for (Change change : changes) {
                write(change, out);
            }
        }
        byte[] bytes = body.toByteArray();
        ByteBuffer record = ByteBuffer.allocate(HEAD_BYTES + bytes.length + 1);
        record.putInt(bytes.length);
        record.putInt(checksum(record.array(), 0, 4));
        record.putInt(checksum(bytes, 0, bytes.length));
        record.put(bytes).put(CLOSING);
        return record.array();
    }

    private static void write(Change change, DataOutputStream out) throws IOException {
        switch (change) {
            case Change.Added(Entry entry) -> {
                out.writeByte(ADDED);
                out.writeLong(entry.id());
                text(entry.plugin(), out);
                text(entry.type(), out);
                bytes(entry.payload(), out);
                out.writeLong(entry.at().toEpochMilli());
                text(entry.queue(), out);
                out.writeLong(entry.sequence());
            }
            case Change.Ended(
                            long id,
                            Header.Result result,
                            @Nullable String code,
                            @Nullable String message) -> {
                out.writeByte(ENDED);
                out.writeLong(id);
                text(result.name(), out);
                text(code == null ? "" : code, out);
                text(message == null ? "" : message, out);
            }
            case Change.Removed(long id) -> {
                out.writeByte(REMOVED);
                out.writeLong(id);
            }
            case Change.Numbered(String plugin, String queue, long next) -> {
                out.writeByte(NUMBERED);
                text(plugin, out);
                text(queue, out);
                out.writeLong(next);
            }
        }
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        bytes(text.getBytes(StandardCharsets.UTF_8), out);
    }

    private static void bytes(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private void read(byte[] bytes, int at, int length, List<Change> changes) {
        try (DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(bytes, at + HEAD_BYTES, length))) {
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                changes.add(read(in, at));
            }
        } catch (IOException | IllegalArgumentException e) {
            // Its check sum is right, so another version has written it.
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "the queue of actions "
                            + file
                            + " was written by another version of Peek; start that one, and let it send what is queued",
                    e);
        }
    }

    private Change read(DataInputStream in, int at) throws IOException {
        byte kind = in.readByte();
        return switch (kind) {
            case ADDED ->
                    new Change.Added(
                            new Entry(
                                    in.readLong(),
                                    text(in),
                                    text(in),
                                    bytes(in),
                                    Instant.ofEpochMilli(in.readLong()),
                                    text(in),
                                    in.readLong()));
            case ENDED -> {
                long id = in.readLong();
                Header.Result result = Header.Result.valueOf(text(in));
                String code = text(in);
                String message = text(in);
                boolean applied = result == Header.Result.APPLIED;
                yield new Change.Ended(id, result, applied ? null : code, applied ? null : message);
            }
            case REMOVED -> new Change.Removed(in.readLong());
            case NUMBERED -> new Change.Numbered(text(in), text(in), in.readLong());
            default -> throw new IOException("unknown kind " + kind + " at byte " + at);
        };
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a text of " + length + " bytes");
        }
        return in.readNBytes(length);
    }

    private PeekException damaged(long at) {
        return new PeekException(
                ErrorCode.INTERNAL,
                "the queue of actions "
                        + file
                        + " is damaged at byte "
                        + at
                        + "; nothing of it is sent. Put back a copy of the file, or move it away to begin"
                        + " a new queue without what was waiting");
    }

    private static PeekException failure(Path file, String what, IOException e) {
        return new PeekException(
                ErrorCode.INTERNAL,
                "the queue of actions "
                        + file
                        + " "
                        + what
                        + " ("
                        + e.getMessage()
                        + "); check the disk and the rights on it",
                e);
    }
}
