package org.peekplatform.shell.model;

import java.net.URI;

/// An address of this system to open in a browser or on a phone.
public record BrowserAddress(Site site, URI uri) {
    /// What is found there.
    public enum Site {
        /// The app for phones and browsers.
        USERS,
        /// The administration, where plugins are installed.
        ADMINISTRATION
    }
}
