package org.peekplatform.vortex;

import org.peekplatform.api.Registration;

/// Takes over what a plugin registers, to withdraw it when the plugin stops. Implemented by the
/// plugin host.
@FunctionalInterface
public interface Owner {
    /// @return what to give to the plugin
    Registration register(Registration registration);
}
