package org.peekplatform.api;

/// Who may observe a tuple type or send an action. Every registration names one; there is no
/// default.
public enum Audience {
    /// Every device connected to a client service, and everyone below.
    DEVICES,
    /// Proven services of this system, and administrators.
    SERVICES,
    /// Administrators who have logged in.
    ADMINISTRATORS;

    /// Whether `caller`, whose identity the link has proven, belongs to this audience.
    public boolean admits(Caller caller) {
        return switch (this) {
            case DEVICES -> true;
            case SERVICES -> !(caller instanceof Caller.Device);
            case ADMINISTRATORS -> caller instanceof Caller.Administrator;
        };
    }
}
