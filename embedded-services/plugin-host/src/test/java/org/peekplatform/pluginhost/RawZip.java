package org.peekplatform.pluginhost;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Writes zips as no honest tool does: every field can be set to anything.
final class RawZip {
    /// One entry. `localName`, `localSize` and so on stand in the header in front of the data, the
    /// others in the table of contents.
    record Entry(
            byte[] name,
            byte[] localName,
            int madeBy,
            int flags,
            int method,
            long crc,
            long localCrc,
            long packed,
            long size,
            long localSize,
            long attributes,
            byte[] data,
            @org.jspecify.annotations.Nullable Long headerAt) {

        Entry withName(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return new Entry(
                    bytes,
                    bytes,
                    madeBy,
                    flags,
                    method,
                    crc,
                    localCrc,
                    packed,
                    size,
                    localSize,
                    attributes,
                    data,
                    headerAt);
        }

        Entry withRawName(byte[] bytes, int flagsOfName) {
            return new Entry(
                    bytes,
                    bytes,
                    madeBy,
                    flagsOfName,
                    method,
                    crc,
                    localCrc,
                    packed,
                    size,
                    localSize,
                    attributes,
                    data,
                    headerAt);
        }

        Entry withLocalName(String text) {
            return new Entry(
                    name,
                    text.getBytes(StandardCharsets.UTF_8),
                    madeBy,
                    flags,
                    method,
                    crc,
                    localCrc,
                    packed,
                    size,
                    localSize,
                    attributes,
                    data,
                    headerAt);
        }

        Entry withFlags(int value) {
            return new Entry(
                    name,
                    localName,
                    madeBy,
                    value,
                    method,
                    crc,
                    localCrc,
                    packed,
                    size,
                    localSize,
                    attributes,
                    data,
                    headerAt);
        }

        Entry withMethod(int value) {
            return new Entry(
                    name,
                    localName,
                    madeBy,
                    flags,
                    value,
                    crc,
                    localCrc,
                    packed,
                    size,
                    localSize,
                    attributes,
                    data,
                    headerAt);
        }

        Entry withCrc(long value) {
            return new Entry(
                    name,
                    localName,
                    madeBy,
                    flags,
                    method,
                    value,
                    value,
                    packed,
                    size,
                    localSize,
                    attributes,
                    data,
                    headerAt);
        }

        Entry withSize(long value) {
            return new Entry(
                    name,
                    localName,
                    madeBy,
                    flags,
                    method,
                    crc,
                    localCrc,
                    packed,
                    value,
                    value,
                    attributes,
                    data,
                    headerAt);
        }

        Entry withLocalSize(long value) {
            return new Entry(
                    name,
                    localName,
                    madeBy,
                    flags,
                    method,
                    crc,
                    localCrc,
                    packed,
                    size,
                    value,
                    attributes,
                    data,
                    headerAt);
        }

        Entry withUnixMode(int mode) {
            return new Entry(
                    name,
                    localName,
                    3 << 8 | 20,
                    flags,
                    method,
                    crc,
                    localCrc,
                    packed,
                    size,
                    localSize,
                    (long) mode << 16,
                    data,
                    headerAt);
        }

        Entry withHeaderAt(long at) {
            return new Entry(
                    name,
                    localName,
                    madeBy,
                    flags,
                    method,
                    crc,
                    localCrc,
                    packed,
                    size,
                    localSize,
                    attributes,
                    data,
                    at);
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private byte[] hidden = {};
    private byte[] appended = {};
    private byte[] prepended = {};
    private int countOffset;

    static Entry entry(String name, String text) {
        return entry(name, text.getBytes(StandardCharsets.UTF_8));
    }

    static Entry entry(String name, byte[] content) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(content);
        deflater.finish();
        byte[] buffer = new byte[content.length + 100];
        int length = deflater.deflate(buffer);
        deflater.end();
        byte[] data = new byte[length];
        System.arraycopy(buffer, 0, data, 0, length);
        CRC32 crc = new CRC32();
        crc.update(content);
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int utf8 = bytes.length == name.length() ? 0 : 1 << 11;
        return new Entry(
                bytes,
                bytes,
                20,
                utf8,
                8,
                crc.getValue(),
                crc.getValue(),
                length,
                content.length,
                content.length,
                0,
                data,
                null);
    }

    RawZip add(Entry entry) {
        entries.add(entry);
        return this;
    }

    RawZip add(String name, String text) {
        return add(entry(name, text));
    }

    RawZip add(String name, byte[] content) {
        return add(entry(name, content));
    }

    RawZip change(String name, UnaryOperator<Entry> change) {
        entries.replaceAll(one ->
                new String(one.name(), StandardCharsets.UTF_8).equals(name)
                        ? change.apply(one)
                        : one);
        return this;
    }

    RawZip remove(String name) {
        entries.removeIf(one -> new String(one.name(), StandardCharsets.UTF_8).equals(name));
        return this;
    }

    /// Bytes between the entries and the table of contents.
    RawZip hide(byte[] bytes) {
        hidden = bytes;
        return this;
    }

    RawZip append(byte[] bytes) {
        appended = bytes;
        return this;
    }

    RawZip prepend(byte[] bytes) {
        prepended = bytes;
        return this;
    }

    /// Makes the archive claim more entries, or fewer, than it has.
    RawZip miscount(int offset) {
        countOffset = offset;
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        for (Entry one : entries) {
            long at = one.headerAt() == null ? out.size() : one.headerAt();
            if (one.headerAt() == null) {
                out.writeBytes(local(one));
                out.writeBytes(one.data());
            }
            table.writeBytes(central(one, at));
        }
        out.writeBytes(hidden);
        int tableAt = out.size();
        out.writeBytes(table.toByteArray());
        out.writeBytes(
                little(22)
                        .putInt(0x06054b50)
                        .putInt(0)
                        .putShort((short) (entries.size() + countOffset))
                        .putShort((short) (entries.size() + countOffset))
                        .putInt(table.size())
                        .putInt(tableAt)
                        .putShort((short) 0)
                        .array());
        out.writeBytes(appended);
        if (prepended.length == 0) {
            return out.toByteArray();
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(prepended);
        all.writeBytes(out.toByteArray());
        return all.toByteArray();
    }

    private static byte[] local(Entry one) {
        return little(30 + one.localName().length)
                .putInt(0x04034b50)
                .putShort((short) 20)
                .putShort((short) one.flags())
                .putShort((short) one.method())
                .putInt(0)
                .putInt((int) one.localCrc())
                .putInt((int) one.packed())
                .putInt((int) one.localSize())
                .putShort((short) one.localName().length)
                .putShort((short) 0)
                .put(one.localName())
                .array();
    }

    private static byte[] central(Entry one, long at) {
        return little(46 + one.name().length)
                .putInt(0x02014b50)
                .putShort((short) one.madeBy())
                .putShort((short) 20)
                .putShort((short) one.flags())
                .putShort((short) one.method())
                .putInt(0)
                .putInt((int) one.crc())
                .putInt((int) one.packed())
                .putInt((int) one.size())
                .putShort((short) one.name().length)
                .putShort((short) 0)
                .putShort((short) 0)
                .putInt(0)
                .putInt((int) one.attributes())
                .putInt((int) at)
                .put(one.name())
                .array();
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
