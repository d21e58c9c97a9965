package org.peekplatform.vortex;

import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;

/// The text forms of callers.
final class Callers {
    private static final String DEVICE = "device:";
    private static final int MAX_ID = 200;

    private Callers() {}

    static String format(Caller caller) {
        return switch (caller) {
            case Caller.Device(String id) -> DEVICE + id;
            case Caller.Service(var kind, String name) -> "service:" + kind.id() + ":" + name;
            case Caller.Administrator(String user) -> "administrator:" + user;
        };
    }

    /// Reads what the server says of who calls.
    static Caller.Service service(String text) {
        String[] parts = text.split(":", 3);
        if (parts.length == 3 && parts[0].equals("service")) {
            for (ServiceKind kind : ServiceKind.values()) {
                if (kind.id().equals(parts[1])) {
                    return new Caller.Service(kind, parts[2]);
                }
            }
        }
        throw new PeekException(ErrorCode.BAD_REQUEST, "'" + text + "' is not a service");
    }

    /// Reads what a client service says of its device; nothing but a device is taken from it.
    static Caller.Device device(String text) {
        if (!text.startsWith(DEVICE) || text.length() > MAX_ID) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST, "'" + text + "' is not the id of a device");
        }
        return new Caller.Device(text.substring(DEVICE.length()));
    }
}
