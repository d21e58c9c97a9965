package org.peekplatform.shell.model;

/// What a tab shows.
public sealed interface Page {
    /// The home page: always the first tab, never closed.
    record Home() implements Page {}

    /// A view of a plugin.
    record PluginView(ViewLink view) implements Page {}

    /// The documentation.
    record Help() implements Page {}

    /// The changes that wait on this device.
    record Changes() implements Page {}

    Page HOME = new Home();
    Page HELP = new Help();
    Page CHANGES = new Changes();
}
