package org.peekplatform.pluginhost;

import java.util.List;

/// Which version of which plugin is to run in this system.
///
/// A port: the server keeps the catalogue in its database, services without one in memory, where it
/// follows the server's. Usable from any thread; may block.
public interface PluginCatalogue {
    /// All entries, sorted by name.
    List<CatalogueEntry> list();

    /// Adds `entry`, in place of the one of the same name.
    void put(CatalogueEntry entry);

    /// Removes the entry of that name; nothing happens when there is none.
    void remove(String name);
}
