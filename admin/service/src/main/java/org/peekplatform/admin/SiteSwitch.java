package org.peekplatform.admin;

import org.peekplatform.web.Site;

/// A site that the administrator can open and close. Made by the composition root.
///
/// @param name `admin`, `client` or `dataExchange`
/// @param keeper remembers the choice for the next start
public record SiteSwitch(String name, Site site, Keeper keeper) {
    /// Remembers whether a site is open. Implemented by the configuration.
    @FunctionalInterface
    public interface Keeper {
        /// @throws org.peekplatform.api.PeekException when it cannot be remembered, as when it was
        ///   set elsewhere
        void remember(boolean network);
    }
}
