package org.peekplatform.pluginhost;

import static org.peekplatform.pluginhost.Refusal.quote;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/// Reads a zip that may have been made to do harm.
///
/// The classes of the JDK believe what an archive says of itself and take its whole table of
/// contents into memory. This one bounds the table before reading it, holds it against the header
/// in front of each entry, insists that the entries cover the file without gaps and overlaps (so
/// that there is one way only to read it), and counts the bytes that really come out. Checks and
/// unpacking both go through here: what was checked is what is unpacked.
final class ZipReader implements AutoCloseable {
    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int CENTRAL_HEADER = 0x02014b50;
    private static final int END_OF_ARCHIVE = 0x06054b50;
    private static final int LOCAL_SIZE = 30;
    private static final int CENTRAL_SIZE = 46;
    private static final int END_SIZE = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final long LARGEST_TABLE = 8L * 1024 * 1024;
    private static final int LONGEST_DESCRIPTOR = 24;

    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int FLAG_ENCRYPTED = 1;
    private static final int FLAG_DESCRIPTOR = 1 << 3;
    private static final int FLAG_STRONG_ENCRYPTION = 1 << 6;
    private static final int FLAG_UTF8 = 1 << 11;
    private static final int FLAG_HIDDEN_HEADERS = 1 << 13;
    private static final int METHOD_AES = 99;

    private static final int UNIX_TYPE = 0xf000;
    private static final int UNIX_FILE = 0x8000;
    private static final int UNIX_FOLDER = 0x4000;
    private static final int UNIX_LINK = 0xa000;

    /// One entry, as table of contents and local header agree on it.
    ///
    /// @param name with slashes; ends in one for a folder
    record Entry(
            String name,
            int method,
            int flags,
            long crc,
            long packed,
            long size,
            long headerAt,
            long dataAt) {
        boolean isFolder() {
            return name.endsWith("/");
        }

        private long end() {
            return dataAt + packed;
        }

        private Entry withDataAt(long at) {
            return new Entry(name, method, flags, crc, packed, size, headerAt, at);
        }
    }

    private final FileChannel file;
    private final Limits limits;
    private final Refusal refusal;
    private final List<Entry> entries;
    private long unpacked;

    private ZipReader(FileChannel file, Limits limits, Refusal refusal) throws IOException {
        this.file = file;
        this.limits = limits;
        this.refusal = refusal;
        this.entries = readTable();
    }

    /// Opens `zip` and checks its structure, not yet the content of its entries.
    ///
    /// @throws org.peekplatform.api.PeekException when it is not an archive as it should be
    static ZipReader open(Path zip, Limits limits, Refusal refusal) throws IOException {
        if (Files.notExists(zip)) {
            throw refusal.of("there is no such file; check the path");
        }
        if (!Files.isRegularFile(zip)) {
            throw refusal.of("it is not a file; pack the plugin as a zip");
        }
        FileChannel file = FileChannel.open(zip, StandardOpenOption.READ);
        try {
            return new ZipReader(file, limits, refusal);
        } catch (IOException | RuntimeException problem) {
            file.close();
            throw problem;
        }
    }

    List<Entry> entries() {
        return entries;
    }

    /// The content of `entry`. Reading it to its end checks length and checksum; the bytes of all
    /// entries read from this reader count together against the limit.
    InputStream open(Entry entry) {
        return new CheckedContent(entry);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private List<Entry> readTable() throws IOException {
        long length = file.size();
        if (length == 0) {
            throw refusal.of("the file is empty; copy or build it again");
        }
        if (length > limits.packed()) {
            throw refusal.of(
                    "the file has %s, a package may have %s; leave out what the plugin does not need"
                            .formatted(Limits.size(length), Limits.size(limits.packed())));
        }
        ByteBuffer start = read(0, (int) Math.min(4, length));
        int signature = start.remaining() < 4 ? 0 : start.getInt();
        if (signature == END_OF_ARCHIVE) {
            throw refusal.of("the archive has no entries; build the package again");
        }
        if (signature != LOCAL_HEADER) {
            throw refusal.of("it is not a zip archive; pack the plugin as a zip");
        }
        long endAt = findEnd(length);
        ByteBuffer end = read(endAt, END_SIZE);
        end.position(4);
        int disk = unsignedShort(end);
        int tableDisk = unsignedShort(end);
        int entriesHere = unsignedShort(end);
        int entries = unsignedShort(end);
        long tableSize = unsignedInt(end);
        long tableAt = unsignedInt(end);
        if (entries == 0xffff || tableSize == 0xffffffffL || tableAt == 0xffffffffL) {
            throw refusal.of(
                    "it is in the Zip64 format, which a package of at most %s does not need; pack it without"
                            .formatted(Limits.size(limits.packed())));
        }
        if (disk != 0 || tableDisk != 0 || entriesHere != entries) {
            throw refusal.of("it is one of several parts; pack the plugin as a single zip");
        }
        if (entries > limits.entries()) {
            throw refusal.of(
                    "it has %d entries, a package may have %d; pack many small files into a jar or leave them out"
                            .formatted(entries, limits.entries()));
        }
        if (tableAt + tableSize != endAt || tableSize > LARGEST_TABLE) {
            throw damaged("its table of contents is not where it should be");
        }
        return locate(entries, tableAt, read(tableAt, (int) tableSize));
    }

    private long findEnd(long length) throws IOException {
        int searched = (int) Math.min(length, END_SIZE + LONGEST_COMMENT);
        ByteBuffer tail = read(length - searched, searched);
        for (int at = searched - END_SIZE; at >= 0; at--) {
            if (tail.getInt(at) == END_OF_ARCHIVE
                    && Short.toUnsignedInt(tail.getShort(at + END_SIZE - 2))
                            == searched - END_SIZE - at) {
                return length - searched + at;
            }
        }
        throw refusal.of(
                "the end of the archive is missing, so it was cut off or something was appended; copy or build it again");
    }

    private List<Entry> locate(int count, long tableAt, ByteBuffer table) throws IOException {
        List<Entry> found = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            if (table.remaining() < CENTRAL_SIZE || table.getInt() != CENTRAL_HEADER) {
                throw damaged("its table of contents is not readable");
            }
            int madeBy = unsignedShort(table);
            table.position(table.position() + 2);
            int flags = unsignedShort(table);
            int method = unsignedShort(table);
            table.position(table.position() + 4);
            long crc = unsignedInt(table);
            long packed = unsignedInt(table);
            long size = unsignedInt(table);
            int nameLength = unsignedShort(table);
            int extraLength = unsignedShort(table);
            int commentLength = unsignedShort(table);
            table.position(table.position() + 4);
            long attributes = unsignedInt(table);
            long headerAt = unsignedInt(table);
            if (table.remaining() < nameLength + extraLength + commentLength) {
                throw damaged("its table of contents is not readable");
            }
            byte[] rawName = new byte[nameLength];
            table.get(rawName);
            table.position(table.position() + extraLength + commentLength);
            Entry entry =
                    new Entry(name(rawName, flags), method, flags, crc, packed, size, headerAt, 0);
            checkKind(entry, madeBy, attributes);
            found.add(locate(entry, rawName, tableAt));
        }
        if (table.hasRemaining()) {
            throw damaged("its table of contents holds more than its entries");
        }
        checkCoverage(found, tableAt);
        return found;
    }

    private String name(byte[] raw, int flags) {
        boolean ascii = true;
        for (byte b : raw) {
            ascii &= b >= 0;
        }
        if (!ascii && (flags & FLAG_UTF8) == 0) {
            throw refusal.of(
                    "the name of entry %s is not marked as UTF-8; use plain letters or pack with UTF-8 names"
                            .formatted(quote(new String(raw, StandardCharsets.ISO_8859_1))));
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
        } catch (CharacterCodingException _) {
            throw refusal.of(
                    "the name of entry %s is not valid UTF-8; rename it"
                            .formatted(quote(new String(raw, StandardCharsets.ISO_8859_1))));
        }
    }

    private void checkKind(Entry entry, int madeBy, long attributes) {
        String name = quote(entry.name());
        if ((entry.flags() & (FLAG_ENCRYPTED | FLAG_STRONG_ENCRYPTION | FLAG_HIDDEN_HEADERS)) != 0
                || entry.method() == METHOD_AES) {
            throw refusal.of("entry %s is encrypted; pack it without a password".formatted(name));
        }
        if (entry.method() != STORED && entry.method() != DEFLATED) {
            throw refusal.of(
                    "entry %s is compressed by method %d, which is not supported; use deflate"
                            .formatted(name, entry.method()));
        }
        int type = (int) (attributes >>> 16) & UNIX_TYPE;
        // Only makers on Unix-like systems mean a file type by these bits, but a reader elsewhere
        // may believe them of anyone; no honest maker sets others.
        if (type == UNIX_LINK) {
            throw refusal.of(
                    "entry %s is a link; put the file itself in its place".formatted(name));
        }
        if (type != 0 && type != UNIX_FILE && type != UNIX_FOLDER) {
            throw refusal.of(
                    "entry %s is a device or another special file (type %o, made by %d); leave it out"
                            .formatted(name, type >>> 12, madeBy >>> 8));
        }
        if (type != 0 && (type == UNIX_FOLDER) != entry.isFolder()) {
            throw damaged("entry %s is a file and a folder at once".formatted(name));
        }
        if (entry.packed() == 0xffffffffL
                || entry.size() == 0xffffffffL
                || entry.headerAt() == 0xffffffffL) {
            throw refusal.of(
                    "entry %s is in the Zip64 format, which a package of at most %s does not need; pack it without"
                            .formatted(name, Limits.size(limits.packed())));
        }
        if (entry.isFolder() && entry.size() != 0) {
            throw damaged("entry %s is a folder with content".formatted(name));
        }
        if (entry.method() == STORED && entry.packed() != entry.size()) {
            throw damaged("entry %s is not compressed but has two sizes".formatted(name));
        }
    }

    private Entry locate(Entry entry, byte[] rawName, long tableAt) throws IOException {
        if (entry.headerAt() + LOCAL_SIZE > tableAt) {
            throw damaged("entry %s lies outside of the archive".formatted(quote(entry.name())));
        }
        ByteBuffer header = read(entry.headerAt(), LOCAL_SIZE);
        if (header.getInt() != LOCAL_HEADER) {
            throw damaged(
                    "entry %s is not where the table of contents says"
                            .formatted(quote(entry.name())));
        }
        header.position(6);
        int flags = unsignedShort(header);
        int method = unsignedShort(header);
        header.position(14);
        long crc = unsignedInt(header);
        long packed = unsignedInt(header);
        long size = unsignedInt(header);
        int nameLength = unsignedShort(header);
        int extraLength = unsignedShort(header);
        long dataAt = entry.headerAt() + LOCAL_SIZE + nameLength + extraLength;
        if (dataAt + entry.packed() > tableAt) {
            throw damaged("entry %s lies outside of the archive".formatted(quote(entry.name())));
        }
        byte[] localName = new byte[nameLength];
        read(entry.headerAt() + LOCAL_SIZE, nameLength).get(localName);
        boolean later = (entry.flags() & FLAG_DESCRIPTOR) != 0;
        boolean agree =
                Arrays.equals(localName, rawName)
                        && flags == entry.flags()
                        && method == entry.method()
                        && same(crc, entry.crc(), later)
                        && same(packed, entry.packed(), later)
                        && same(size, entry.size(), later);
        if (!agree) {
            throw refusal.of(
                    "the table of contents and the header of entry %s contradict each other; build the package again"
                            .formatted(quote(entry.name())));
        }
        return entry.withDataAt(dataAt);
    }

    /// Values that follow the data may be zero in the header in front of it.
    private static boolean same(long local, long central, boolean later) {
        return local == central || (later && (local == 0 || local == 0xffffffffL));
    }

    private void checkCoverage(List<Entry> found, long tableAt) {
        List<Entry> inOrder = new ArrayList<>(found);
        inOrder.sort(Comparator.comparingLong(Entry::headerAt));
        long covered = 0;
        int slack = 0;
        for (Entry one : inOrder) {
            if (one.headerAt() < covered) {
                throw refusal.of(
                        "entry %s shares its bytes with another; build the package again"
                                .formatted(quote(one.name())));
            }
            checkGap(one.headerAt() - covered, slack);
            covered = one.end();
            slack = (one.flags() & FLAG_DESCRIPTOR) != 0 ? LONGEST_DESCRIPTOR : 0;
        }
        checkGap(tableAt - covered, slack);
    }

    private void checkGap(long gap, int slack) {
        if (gap > slack) {
            throw refusal.of(
                    "it holds %d bytes that belong to no entry; build the package again"
                            .formatted(gap));
        }
    }

    private RuntimeException damaged(String how) {
        return refusal.of("the archive is damaged: " + how + "; copy or build it again");
    }

    private ByteBuffer read(long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, at + bytes.position()) < 0) {
                throw damaged("it became shorter while it was read");
            }
        }
        return bytes.flip();
    }

    private static int unsignedShort(ByteBuffer bytes) {
        return Short.toUnsignedInt(bytes.getShort());
    }

    private static long unsignedInt(ByteBuffer bytes) {
        return Integer.toUnsignedLong(bytes.getInt());
    }

    /// The packed bytes of one entry, straight from the file.
    private final class Packed extends InputStream {
        private long at;
        private final long end;

        Packed(Entry place) {
            at = place.dataAt();
            end = place.end();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, into.length);
            if (at >= end) {
                return -1;
            }
            int wanted = (int) Math.min(length, end - at);
            int got = file.read(ByteBuffer.wrap(into, offset, wanted), at);
            if (got < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
            at += got;
            return got;
        }
    }

    /// The content of one entry, counted and checked while it is read.
    private final class CheckedContent extends InputStream {
        private final Entry entry;
        private final InputStream content;
        private final Inflater inflater = new Inflater(true);
        private final CRC32 crc = new CRC32();
        private long count;
        private boolean complete;

        CheckedContent(Entry entry) {
            this.entry = entry;
            Packed packed = new Packed(entry);
            content =
                    entry.method() == STORED
                            ? packed
                            : new InflaterInputStream(packed, inflater, 16 * 1024);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int got;
            try {
                got = content.read(into, offset, length);
            } catch (ZipException | EOFException _) {
                throw damaged("entry %s cannot be unpacked".formatted(quote(entry.name())));
            }
            if (got < 0) {
                checkWhole();
                return -1;
            }
            crc.update(into, offset, got);
            count += got;
            unpacked += got;
            if (count > entry.size()) {
                throw refusal.of(
                        "entry %s is larger than the %d bytes it claims; build the package again"
                                .formatted(quote(entry.name()), entry.size()));
            }
            if (count > limits.ratioFrom() && count > limits.ratio() * entry.packed()) {
                throw refusal.of(
                        "entry %s unpacks to more than %d times its size, as compression bombs do; leave it out or store it uncompressed"
                                .formatted(quote(entry.name()), limits.ratio()));
            }
            if (unpacked > limits.unpacked()) {
                throw refusal.of(
                        "its entries unpack to more than %s, the limit of a package; leave out what the plugin does not need"
                                .formatted(Limits.size(limits.unpacked())));
            }
            return got;
        }

        private void checkWhole() {
            if (complete) {
                return;
            }
            complete = true;
            boolean allUsed = entry.method() == STORED || inflater.getBytesRead() == entry.packed();
            if (count != entry.size() || crc.getValue() != entry.crc() || !allUsed) {
                throw damaged(
                        "the content of entry %s does not match its checksum or length"
                                .formatted(quote(entry.name())));
            }
        }

        @Override
        public void close() throws IOException {
            inflater.end();
            content.close();
        }
    }
}
