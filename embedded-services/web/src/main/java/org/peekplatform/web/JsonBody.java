package org.peekplatform.web;

import io.javalin.http.Context;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Small JSON objects in requests and answers.
final class JsonBody {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MAX_BYTES = 16 << 10;

    private JsonBody() {}

    static <T> T read(Context request, Class<T> type) {
        byte[] body = request.bodyAsBytes();
        try {
            T read = body.length > MAX_BYTES ? null : JSON.readValue(body, type);
            if (read != null) {
                return read;
            }
        } catch (JacksonException e) {
            throw bad(request, e);
        }
        throw bad(request, null);
    }

    /// A member that must be there.
    static <T> T required(@Nullable T value, String name) {
        if (value == null) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST, "the request has no member '" + name + "'");
        }
        return value;
    }

    static void answer(Context request, Map<String, ?> members) {
        request.contentType("application/json").result(JSON.writeValueAsBytes(members));
    }

    private static PeekException bad(Context request, @Nullable Throwable cause) {
        return new PeekException(
                ErrorCode.BAD_REQUEST,
                "the body of " + request.path() + " is not the JSON object expected there",
                cause);
    }
}
