package org.peekplatform.storage;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// Sends rows with `COPY … FROM STDIN`, in its text form. One `COPY` for each chunk, so that
/// between two of them the connection takes other statements.
final class PostgresChunkWriter implements ChunkWriter {
    private static final Pattern LINE = Pattern.compile("COPY .*?, line (\\d+)");
    private static final Pattern KEY = Pattern.compile("Key \\(([^()]*)\\)=\\((.*?)\\) is not");

    private final String copy;
    private final List<String> columns;
    private final Buffer buffer = new Buffer();

    PostgresChunkWriter(String table, List<String> names, List<PlainValues> columns) {
        copy = "COPY " + table + " (" + String.join(", ", names) + ") FROM STDIN";
        this.columns = columns.stream().map(column -> column.field().getName()).toList();
    }

    /// Bytes, as those of the JDK lock for each one.
    private static final class Buffer {
        private byte[] bytes = new byte[1 << 20];
        private int length;

        void clear() {
            length = 0;
        }

        private void makeRoom(int more) {
            if (bytes.length - length < more) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
            }
        }

        void one(char ascii) {
            makeRoom(1);
            bytes[length++] = (byte) ascii;
        }

        void text(String ascii) {
            makeRoom(ascii.length());
            for (int i = 0; i < ascii.length(); i++) {
                bytes[length++] = (byte) ascii.charAt(i);
            }
        }

        void escaped(String text) {
            int plain = 0;
            while (plain < text.length() && isPlain(text.charAt(plain))) {
                plain++;
            }
            if (plain == text.length()) {
                text(text);
                return;
            }
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            makeRoom(2 * encoded.length);
            for (byte each : encoded) {
                byte letter =
                        switch (each) {
                            case '\\' -> '\\';
                            case '\t' -> 't';
                            case '\n' -> 'n';
                            case '\r' -> 'r';
                            default -> 0;
                        };
                if (letter != 0) {
                    bytes[length++] = '\\';
                }
                bytes[length++] = letter == 0 ? each : letter;
            }
        }

        private static boolean isPlain(char c) {
            return c >= ' ' && c < 0x7F && c != '\\';
        }

        void sendTo(CopyIn target) throws SQLException {
            target.writeToCopy(bytes, 0, length);
        }
    }

    @Override
    public void write(Connection connection, @Nullable Object[][] values, int count)
            throws SQLException, RowRefusedException {
        buffer.clear();
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < values.length; i++) {
                if (i > 0) {
                    buffer.one('\t');
                }
                append(values[i][row]);
            }
            buffer.one('\n');
        }
        try {
            CopyIn target = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copy);
            try {
                buffer.sendTo(target);
                target.endCopy();
            } finally {
                if (target.isActive()) {
                    target.cancelCopy();
                }
            }
        } catch (PSQLException e) {
            int row = row(e.getServerErrorMessage(), values, count);
            if (row < 0) {
                throw e;
            }
            throw new RowRefusedException(row, e);
        }
    }

    private void append(@Nullable Object value) {
        switch (value) {
            case null -> buffer.text("\\N");
            case String text -> buffer.escaped(text);
            case Boolean truth -> buffer.one(truth ? 't' : 'f');
            case byte[] bytes -> {
                buffer.text("\\\\x");
                buffer.text(HexFormat.of().formatHex(bytes));
            }
            default -> buffer.text(value.toString());
        }
    }

    /// Which row of the chunk `error` is about, counted from 0; -1 when it does not say.
    private int row(@Nullable ServerErrorMessage error, @Nullable Object[][] values, int count) {
        if (error == null || error.getSQLState() == null || !error.getSQLState().startsWith("2")) {
            return -1;
        }
        Matcher line = LINE.matcher(String.valueOf(error.getWhere()));
        if (line.find()) {
            return Integer.parseInt(line.group(1)) - 1;
        }
        // Foreign keys are checked at the end, and only the values of the key are told.
        Matcher key = KEY.matcher(String.valueOf(error.getDetail()));
        return key.find() ? rowWith(key.group(1), key.group(2), values, count) : -1;
    }

    private int rowWith(String names, String wanted, @Nullable Object[][] values, int count) {
        List<@Nullable Object[]> key = new ArrayList<>();
        for (String name : names.split(", ", -1)) {
            int at = columns.indexOf(name.replace("\"", ""));
            if (at < 0) {
                return -1;
            }
            key.add(values[at]);
        }
        for (int row = 0; row < count; row++) {
            List<String> found = new ArrayList<>();
            for (@Nullable Object[] column : key) {
                found.add(String.valueOf(column[row]));
            }
            if (String.join(", ", found).equals(wanted)) {
                return row;
            }
        }
        return -1;
    }
}
