package org.peekplatform.shell.ui;

import org.peekplatform.api.Registration;

/// The workstation's link, for the pages of web views: each of them is one more party on it. Frames
/// travel as two texts, the header and the unpacked payload, both JSON. Implemented by the
/// application.
public interface WebLink {
    /// Begins a link for one page. Does not block; what becomes of it is told to `page`, later and
    /// in order. Called on the JavaFX thread, as are the methods of the session.
    Session open(Page page);

    /// Tells `listener`, on any thread, when the workstation's own link is there again.
    Registration onOnline(Runnable listener);

    /// The link as the page has it. Its methods do not block.
    interface Session {
        /// A frame of the page; refused frames end the link.
        void send(String header, String payload);

        /// Ends the link; the page is told nothing more.
        void close();
    }

    /// The page as the link has it. Called on one thread at a time, never the JavaFX thread.
    interface Page {
        void opened();

        /// Hands over one frame, and blocks until the page has dealt with it: what changes
        /// meanwhile is not sent, only the newest of it afterwards.
        ///
        /// @return whether the page is there for more
        boolean frame(String header, String payload) throws InterruptedException;

        /// The last call.
        void closed(String reason);
    }
}
