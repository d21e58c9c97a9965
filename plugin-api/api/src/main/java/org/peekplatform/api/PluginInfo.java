package org.peekplatform.api;

import static java.util.Objects.requireNonNull;

/// Name, version and title of a plugin, from its manifest.
///
/// @param name lower case, unique in a system, such as `tutorial`; also the name of its database
///   schema and the prefix of its tuple types
/// @param version semantic version
/// @param title shown to people
public record PluginInfo(String name, String version, String title) {
    public PluginInfo {
        requireNonNull(name, "name");
        requireNonNull(version, "version");
        requireNonNull(title, "title");
    }
}
