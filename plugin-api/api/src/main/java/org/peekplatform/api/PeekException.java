package org.peekplatform.api;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// The one exception of the platform's own. The message names what failed and for which id, without
/// a full stop.
public final class PeekException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ErrorCode code;

    public PeekException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public PeekException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = requireNonNull(code, "code");
    }

    public ErrorCode code() {
        return code;
    }
}
