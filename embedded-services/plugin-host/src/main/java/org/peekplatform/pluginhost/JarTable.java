package org.peekplatform.pluginhost;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Looks at the end of a jar before the JDK does, which reads the whole table of contents into
/// memory whatever its size.
final class JarTable {
    private static final int END_OF_ARCHIVE = 0x06054b50;
    private static final int END_SIZE = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final long LARGEST_TABLE = 32L * 1024 * 1024;

    private JarTable() {}

    /// Whether every end of archive that a reader could find in the file names a table of bearable
    /// size. False for files that are no archives, and for Zip64.
    static boolean isBounded(Path jar) throws IOException {
        try (FileChannel file = FileChannel.open(jar, StandardOpenOption.READ)) {
            int searched = (int) Math.min(file.size(), END_SIZE + LONGEST_COMMENT);
            ByteBuffer tail = ByteBuffer.allocate(searched).order(ByteOrder.LITTLE_ENDIAN);
            long start = file.size() - searched;
            int got;
            do {
                got = file.read(tail, start + tail.position());
            } while (got >= 0 && tail.hasRemaining());
            boolean found = false;
            for (int at = 0; at <= searched - END_SIZE; at++) {
                if (tail.getInt(at) == END_OF_ARCHIVE) {
                    if (Integer.toUnsignedLong(tail.getInt(at + 12)) > LARGEST_TABLE) {
                        return false;
                    }
                    found = true;
                }
            }
            return found;
        }
    }
}
