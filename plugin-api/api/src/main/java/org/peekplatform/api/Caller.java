package org.peekplatform.api;

import static java.util.Objects.requireNonNull;

/// Who is behind a call, as proven by the link it came over; never what a message says of itself.
public sealed interface Caller {
    /// A phone, browser or workstation connected to a client service.
    ///
    /// @param id given by the client service; the same over reconnects of one device
    record Device(String id) implements Caller {
        public Device {
            requireNonNull(id, "id");
        }
    }

    /// Another service of this system.
    ///
    /// @param name unique among the services of the system
    record Service(ServiceKind kind, String name) implements Caller {
        public Service {
            requireNonNull(kind, "kind");
            requireNonNull(name, "name");
        }
    }

    /// A person who has logged in to the admin, or the owner of the home in their own workstation.
    ///
    /// @param user log-in name
    record Administrator(String user) implements Caller {
        public Administrator {
            requireNonNull(user, "user");
        }
    }
}
