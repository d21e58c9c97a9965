package org.peekplatform.web;

import org.peekplatform.api.PeekException;
import org.peekplatform.web.identity.DeviceMessages;
import org.peekplatform.web.identity.Proof;

/// The server, as a client service asks it about devices. Implemented by the client service;
/// methods but [#refused] and [#seen] block.
public interface DeviceRegistrar {
    /// @throws PeekException `OFFLINE` when the server cannot be asked
    DeviceMessages.Challenge challenge();

    /// @throws PeekException with the server's reason when the device is not taken in
    DeviceMessages.Proven join(String secret, String name, String publicKey, String address);

    /// @throws PeekException with the server's reason when the proof is not accepted
    DeviceMessages.Proven prove(Proof proof, String address);

    /// Tells of somebody who was not let in; may be lost when there are very many.
    void refused(String who, String address, String why);

    /// Tells that a device was there.
    void seen(String id);
}
