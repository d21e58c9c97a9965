package org.peekplatform.vortex;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// The platform's error codes by the name they have on the wire.
final class WireErrors {
    /// A client service observes for all its devices what depends on the device; it observes again
    /// for each.
    static final ErrorCode VIEWER_NEEDED = new ErrorCode("VIEWER_NEEDED", ErrorCode.Kind.CALLER);

    private static final Map<String, ErrorCode> KNOWN =
            Stream.of(
                            ErrorCode.BAD_REQUEST,
                            ErrorCode.NOT_ALLOWED,
                            ErrorCode.NOT_OFFERED,
                            ErrorCode.CONFLICT,
                            ErrorCode.TIMED_OUT,
                            ErrorCode.OFFLINE,
                            ErrorCode.STOPPED,
                            ErrorCode.OUT_OF_ORDER,
                            ErrorCode.FORGOTTEN,
                            ErrorCode.INTERNAL)
                    .collect(Collectors.toUnmodifiableMap(ErrorCode::name, Function.identity()));

    private WireErrors() {}

    /// A code of a plugin's own is an internal failure to everyone but that plugin, which knows its
    /// name.
    static ErrorCode codeOf(@Nullable String name) {
        if (name == null) {
            return ErrorCode.INTERNAL;
        }
        ErrorCode known = KNOWN.get(name);
        return known == null ? new ErrorCode(name, ErrorCode.Kind.INTERNAL) : known;
    }

    /// Whether the message may leave the service. A fault that wraps another quotes it, with the
    /// names of classes and files; that is for the log.
    static boolean isForPeople(PeekException e) {
        return e.code().kind() != ErrorCode.Kind.INTERNAL || e.getCause() == null;
    }
}
