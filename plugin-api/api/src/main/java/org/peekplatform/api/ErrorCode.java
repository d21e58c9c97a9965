package org.peekplatform.api;

import static java.util.Objects.requireNonNull;

/// Names a kind of failure so that code on the other side can react to it.
///
/// @param name upper case with underscores; a plugin's own codes start with its name, such as
///   `TUTORIAL_ROW_GONE`
/// @param kind decides status, retry and log level
public record ErrorCode(String name, Kind kind) {
    /// The request is wrong; sending it again will not help.
    public static final ErrorCode BAD_REQUEST = new ErrorCode("BAD_REQUEST", Kind.CALLER);

    /// The caller may not do this.
    public static final ErrorCode NOT_ALLOWED = new ErrorCode("NOT_ALLOWED", Kind.CALLER);

    /// Nobody offers what was asked for: no such tuple type, action, plugin or capability here.
    public static final ErrorCode NOT_OFFERED = new ErrorCode("NOT_OFFERED", Kind.CALLER);

    /// The state has changed meanwhile, or something of that name exists already.
    public static final ErrorCode CONFLICT = new ErrorCode("CONFLICT", Kind.CONFLICT);

    /// No answer within the deadline; whether the work was done is unknown.
    public static final ErrorCode TIMED_OUT = new ErrorCode("TIMED_OUT", Kind.UNAVAILABLE);

    /// The other side cannot be reached now; nothing was done.
    public static final ErrorCode OFFLINE = new ErrorCode("OFFLINE", Kind.UNAVAILABLE);

    /// The plugin or service is stopping or has stopped.
    public static final ErrorCode STOPPED = new ErrorCode("STOPPED", Kind.UNAVAILABLE);

    /// A queued action does not have the number its queue goes on with; nothing was done.
    public static final ErrorCode OUT_OF_ORDER = new ErrorCode("OUT_OF_ORDER", Kind.CONFLICT);

    /// What was asked about is no longer known, such as the outcome of a queued action that was
    /// carried out before, or a task that has long been over.
    public static final ErrorCode FORGOTTEN = new ErrorCode("FORGOTTEN", Kind.CONFLICT);

    /// Somebody called the work off.
    public static final ErrorCode CANCELLED = new ErrorCode("CANCELLED", Kind.CALLER);

    /// A fault in a plugin or in Peek; the log of the service says more.
    public static final ErrorCode INTERNAL = new ErrorCode("INTERNAL", Kind.INTERNAL);

    public ErrorCode {
        requireNonNull(name, "name");
        requireNonNull(kind, "kind");
    }

    /// Who has to act.
    public enum Kind {
        CALLER,
        CONFLICT,
        UNAVAILABLE,
        INTERNAL
    }
}
