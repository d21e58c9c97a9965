package org.peekplatform.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Sends requests as they stand, also those that no well-behaved client would send.
final class RawHttp {
    private RawHttp() {}

    /// @param headers by name in small letters; those of the same name joined by a line break
    record Answer(int status, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        @Nullable String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }
    }

    /// @param lines the request line and the headers; `Host` and `Connection` are added when absent
    static Answer send(int port, String... lines) throws IOException {
        return send("127.0.0.1", port, new byte[0], lines);
    }

    static Answer send(String address, int port, byte[] body, String... lines) throws IOException {
        List<String> all = new ArrayList<>(Arrays.asList(lines));
        if (Arrays.stream(lines).noneMatch(line -> line.startsWith("Host"))) {
            all.add("Host: " + address + ":" + port);
        }
        if (Arrays.stream(lines).noneMatch(line -> line.startsWith("Connection"))) {
            all.add("Connection: close");
        }
        if (body.length > 0) {
            all.add("Content-Length: " + body.length);
        }
        all.removeIf(String::isEmpty);
        // From the address it goes to, so that different ones are different machines.
        InetAddress own = InetAddress.getByName(address);
        try (Socket socket = new Socket(own, port, own, 0)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(
                            (String.join("\r\n", all) + "\r\n\r\n")
                                    .getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            return read(socket.getInputStream(), lines[0].startsWith("HEAD"));
        }
    }

    private static Answer read(InputStream in, boolean bodiless) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the answer broke off after '" + head + "'");
            }
            head.write(next);
        }
        List<String> lines = head.toString(StandardCharsets.ISO_8859_1).lines().toList();
        Map<String, String> headers = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.merge(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip(),
                        (first, second) -> first + "\n" + second);
            }
        }
        int status = Integer.parseInt(lines.getFirst().split(" ", 3)[1]);
        return new Answer(
                status, headers, bodiless || status == 101 ? new byte[0] : body(in, headers));
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            String length = headers.get("content-length");
            return length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = chunk(in); size > 0; size = chunk(in)) {
            body.write(in.readNBytes(size));
            line(in);
        }
        return body.toByteArray();
    }

    private static int chunk(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }
}
