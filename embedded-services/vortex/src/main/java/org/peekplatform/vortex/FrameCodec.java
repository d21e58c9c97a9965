package org.peekplatform.vortex;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;

/// Turns frames into bytes and back, as the wire format says.
final class FrameCodec {
    private static final int LENGTH_BYTES = 4;
    private static final int MAX_HEADER_BYTES = 65_536;
    private static final int MAX_MESSAGE = 4_000;

    private FrameCodec() {}

    record Parts(Header header, byte[] payload) {}

    static byte[] encode(Header header, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(192 + payload.length);
        out.writeBytes(new byte[LENGTH_BYTES]);
        try (JsonGenerator json = Json.FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            write(header, json);
            json.writeEndObject();
        }
        int headerBytes = out.size() - LENGTH_BYTES;
        out.writeBytes(payload);
        byte[] bytes = out.toByteArray();
        ByteBuffer.wrap(bytes).putInt(headerBytes);
        return bytes;
    }

    static Parts decode(byte[] bytes) {
        if (bytes.length < LENGTH_BYTES) {
            throw refused("a frame of " + bytes.length + " bytes has no header");
        }
        int headerBytes = ByteBuffer.wrap(bytes).getInt();
        if (headerBytes < 2
                || headerBytes > MAX_HEADER_BYTES
                || headerBytes > bytes.length - LENGTH_BYTES) {
            throw refused(
                    "a frame of "
                            + bytes.length
                            + " bytes gives its header "
                            + headerBytes
                            + " bytes");
        }
        Header header = read(bytes, LENGTH_BYTES, headerBytes);
        return new Parts(
                header, Arrays.copyOfRange(bytes, LENGTH_BYTES + headerBytes, bytes.length));
    }

    private static void write(Header header, JsonGenerator json) {
        switch (header) {
            case Header.Hello(
                            int protocol,
                            String name,
                            boolean onBehalfOfDevices,
                            @Nullable String version) -> {
                kind(json, "hello")
                        .writeNumberProperty("protocol", protocol)
                        .writeStringProperty("name", name);
                if (onBehalfOfDevices) {
                    json.writeStringProperty("onBehalfOf", "devices");
                }
                if (version != null) {
                    json.writeStringProperty("version", version);
                }
            }
            case Header.Observe(String selector, @Nullable String epoch, long version) -> {
                kind(json, "observe").writeStringProperty("selector", selector);
                if (epoch != null) {
                    json.writeStringProperty("epoch", epoch)
                            .writeNumberProperty("version", version);
                }
            }
            case Header.Unobserve(String selector) ->
                    kind(json, "unobserve").writeStringProperty("selector", selector);
            case Header.SnapshotRequest(String selector) ->
                    kind(json, "snapshot").writeStringProperty("selector", selector);
            case Header.Action(
                            String id,
                            String type,
                            @Nullable String caller,
                            Header.@Nullable Queued queued) -> {
                kind(json, "action")
                        .writeStringProperty("id", id)
                        .writeStringProperty("type", type);
                if (caller != null) {
                    json.writeStringProperty("caller", caller);
                }
                if (queued != null) {
                    json.writeStringProperty("queue", queued.queue())
                            .writeNumberProperty("sequence", queued.sequence())
                            .writeNumberProperty("acknowledged", queued.acknowledged());
                }
            }
            case Header.Perform(String id, String type, @Nullable String to) -> {
                kind(json, "perform")
                        .writeStringProperty("id", id)
                        .writeStringProperty("type", type);
                if (to != null) {
                    json.writeStringProperty("to", to);
                }
            }
            case Header.Performed(
                            String id,
                            Header.Result result,
                            @Nullable String code,
                            @Nullable String message) -> {
                ended(kind(json, "performed"), id, result);
                reason(json, code, message);
            }
            case Header.Call(
                            String id,
                            String to,
                            String method,
                            long deadlineMillis,
                            @Nullable String from) -> {
                kind(json, "call")
                        .writeStringProperty("id", id)
                        .writeStringProperty("to", to)
                        .writeStringProperty("method", method)
                        .writeNumberProperty("deadlineMillis", deadlineMillis);
                if (from != null) {
                    json.writeStringProperty("from", from);
                }
            }
            case Header.Returned(String id, @Nullable String code, @Nullable String message) -> {
                kind(json, "result").writeStringProperty("id", id);
                reason(json, code, message);
            }
            case Header.Cancel(String id) -> kind(json, "cancel").writeStringProperty("id", id);
            case Header.Part(long frame, boolean last) -> {
                kind(json, "part").writeNumberProperty("frame", frame);
                if (last) {
                    json.writeBooleanProperty("last", true);
                }
            }
            case Header.Ping() -> kind(json, "ping");
            case Header.Welcome(
                            int protocol,
                            String service,
                            String name,
                            String version,
                            String caller) ->
                    kind(json, "welcome")
                            .writeNumberProperty("protocol", protocol)
                            .writeStringProperty("service", service)
                            .writeStringProperty("name", name)
                            .writeStringProperty("version", version)
                            .writeStringProperty("caller", caller);
            case Header.Snapshot(String selector, String epoch, long version, boolean gzip) -> {
                versioned(kind(json, "snapshot"), selector, epoch, version);
                gzip(json, gzip);
            }
            case Header.Delta(
                            String selector,
                            String epoch,
                            long from,
                            long version,
                            boolean gzip) -> {
                versioned(kind(json, "delta"), selector, epoch, version)
                        .writeNumberProperty("from", from);
                gzip(json, gzip);
            }
            case Header.Current(String selector, String epoch, long version) ->
                    versioned(kind(json, "current"), selector, epoch, version);
            case Header.Problem(String selector, String code, String message) ->
                    kind(json, "problem")
                            .writeStringProperty("selector", selector)
                            .writeStringProperty("code", code)
                            .writeStringProperty("message", sentence(message));
            case Header.Outcome(
                            String id,
                            Header.Result result,
                            @Nullable String code,
                            @Nullable String message) -> {
                ended(kind(json, "outcome"), id, result);
                reason(json, code, message);
            }
            case Header.Pong() -> kind(json, "pong");
            case Header.Refused(String code, String message) ->
                    kind(json, "error")
                            .writeStringProperty("code", code)
                            .writeStringProperty("message", sentence(message));
            case Header.Unknown(String kind) -> kind(json, kind);
        }
    }

    /// A message may be a plugin's, of any length.
    private static String sentence(String message) {
        return message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "…" : message;
    }

    private static void ended(JsonGenerator json, String id, Header.Result result) {
        json.writeStringProperty("id", id)
                .writeStringProperty("result", result.name().toLowerCase(Locale.ROOT));
    }

    private static void reason(
            JsonGenerator json, @Nullable String code, @Nullable String message) {
        if (code != null) {
            json.writeStringProperty("code", code);
        }
        if (message != null) {
            json.writeStringProperty("message", sentence(message));
        }
    }

    private static JsonGenerator kind(JsonGenerator json, String kind) {
        return json.writeStringProperty("kind", kind);
    }

    private static JsonGenerator versioned(
            JsonGenerator json, String selector, String epoch, long version) {
        return json.writeStringProperty("selector", selector)
                .writeStringProperty("epoch", epoch)
                .writeNumberProperty("version", version);
    }

    private static void gzip(JsonGenerator json, boolean gzip) {
        if (gzip) {
            json.writeBooleanProperty("gzip", true);
        }
    }

    private static Header read(byte[] bytes, int offset, int length) {
        Map<String, Object> members = new HashMap<>();
        try (JsonParser json =
                Json.FACTORY.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw refused("a frame's header is not a JSON object");
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                switch (json.nextToken()) {
                    case VALUE_STRING -> members.put(name, json.getString());
                    case VALUE_NUMBER_INT -> members.put(name, json.getLongValue());
                    case VALUE_TRUE -> members.put(name, true);
                    case START_OBJECT, START_ARRAY -> json.skipChildren();
                    default -> {}
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw refused("a frame's header is not one JSON object");
            }
        } catch (JacksonException e) {
            throw new PeekException(ErrorCode.BAD_REQUEST, "a frame's header is not JSON", e);
        }
        return new Members(members).header();
    }

    private static PeekException refused(String message) {
        return new PeekException(ErrorCode.BAD_REQUEST, message);
    }

    /// The members of a header, with the checks of their types.
    private record Members(Map<String, Object> values) {
        Header header() {
            String kind = text("kind");
            return switch (kind) {
                case "hello" ->
                        new Header.Hello(
                                (int) number("protocol"),
                                text("name"),
                                "devices".equals(values.get("onBehalfOf")),
                                optionalText("version"));
                case "observe" ->
                        values.containsKey("epoch")
                                ? new Header.Observe(
                                        text("selector"), text("epoch"), number("version"))
                                : new Header.Observe(text("selector"), null, 0);
                case "unobserve" -> new Header.Unobserve(text("selector"));
                case "snapshot" ->
                        values.containsKey("epoch")
                                ? new Header.Snapshot(
                                        text("selector"),
                                        text("epoch"),
                                        number("version"),
                                        flag("gzip"))
                                : new Header.SnapshotRequest(text("selector"));
                case "action" ->
                        new Header.Action(
                                text("id"), text("type"), optionalText("caller"), queued());
                case "perform" -> new Header.Perform(text("id"), text("type"), optionalText("to"));
                case "performed" ->
                        new Header.Performed(
                                text("id"),
                                result(text("result")),
                                optionalText("code"),
                                optionalText("message"));
                case "call" ->
                        new Header.Call(
                                text("id"),
                                text("to"),
                                text("method"),
                                number("deadlineMillis"),
                                optionalText("from"));
                case "result" ->
                        new Header.Returned(
                                text("id"), optionalText("code"), optionalText("message"));
                case "cancel" -> new Header.Cancel(text("id"));
                case "part" -> new Header.Part(number("frame"), flag("last"));
                case "ping" -> new Header.Ping();
                case "welcome" ->
                        new Header.Welcome(
                                (int) number("protocol"),
                                text("service"),
                                text("name"),
                                text("version"),
                                text("caller"));
                case "delta" ->
                        new Header.Delta(
                                text("selector"),
                                text("epoch"),
                                number("from"),
                                number("version"),
                                flag("gzip"));
                case "current" ->
                        new Header.Current(text("selector"), text("epoch"), number("version"));
                case "problem" ->
                        new Header.Problem(text("selector"), text("code"), text("message"));
                case "outcome" ->
                        new Header.Outcome(
                                text("id"),
                                result(text("result")),
                                optionalText("code"),
                                optionalText("message"));
                case "pong" -> new Header.Pong();
                case "error" -> new Header.Refused(text("code"), text("message"));
                default -> new Header.Unknown(kind);
            };
        }

        private Header.@Nullable Queued queued() {
            return values.containsKey("queue")
                    ? new Header.Queued(text("queue"), number("sequence"), number("acknowledged"))
                    : null;
        }

        private String text(String name) {
            if (values.get(name) instanceof String text) {
                return text;
            }
            throw refused("a frame's header has no text '" + name + "'");
        }

        private @Nullable String optionalText(String name) {
            return values.get(name) instanceof String text ? text : null;
        }

        private long number(String name) {
            if (values.get(name) instanceof Long number) {
                return number;
            }
            throw refused("a frame's header has no number '" + name + "'");
        }

        private boolean flag(String name) {
            return Boolean.TRUE.equals(values.get(name));
        }

        private static Header.Result result(String text) {
            return switch (text) {
                case "applied" -> Header.Result.APPLIED;
                case "rejected" -> Header.Result.REJECTED;
                case "failed" -> Header.Result.FAILED;
                default -> throw refused("an outcome has the unknown result '" + text + "'");
            };
        }
    }
}
