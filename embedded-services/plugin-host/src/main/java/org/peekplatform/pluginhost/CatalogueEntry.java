package org.peekplatform.pluginhost;

import java.time.Instant;

/// One plugin of the system, as the catalogue has it.
///
/// @param sha256 of the package that is to run
/// @param enabled whether it is to run at all
public record CatalogueEntry(
        String name, String version, String sha256, boolean enabled, Instant installedAt) {}
