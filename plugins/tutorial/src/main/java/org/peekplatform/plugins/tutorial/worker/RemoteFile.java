package org.peekplatform.plugins.tutorial.worker;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.peekplatform.plugins.tutorial.calls.ImportFiles;

/// A file that the server keeps, read piece by piece.
final class RemoteFile extends InputStream {
    private final ImportFiles files;
    private final String importId;
    private byte[] piece = {};
    private int at;
    private long offset;

    RemoteFile(ImportFiles files, String importId) {
        this.files = files;
        this.importId = importId;
    }

    @Override
    public int read() throws IOException {
        return fetch() ? piece[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
        Objects.checkFromIndexSize(from, most, into.length);
        if (most == 0) {
            return 0;
        }
        if (!fetch()) {
            return -1;
        }
        int length = Math.min(most, piece.length - at);
        System.arraycopy(piece, at, into, from, length);
        at += length;
        return length;
    }

    /// @return whether there is a byte to read
    private boolean fetch() throws IOException {
        if (at == piece.length) {
            piece = next();
            offset += piece.length;
            at = 0;
        }
        return at < piece.length;
    }

    private byte[] next() throws IOException {
        try {
            return files.read(importId, offset).bytes();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the next piece of the file did not come", e);
        }
    }
}
