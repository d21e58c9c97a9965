package org.peekplatform.pluginhost;

import java.time.Instant;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// One plugin of the system, as the server tells the other services, which follow it.
///
/// @param sha256 of the package that is to run
/// @param enabled whether it is to run at all
@TupleType(name = "peek.InstalledPlugin")
public record InstalledPlugin(
        @TupleKey String name,
        String version,
        String title,
        String sha256,
        boolean enabled,
        Instant installedAt)
        implements Tuple {

    public static InstalledPlugin of(CatalogueEntry entry, String title) {
        return new InstalledPlugin(
                entry.name(),
                entry.version(),
                title,
                entry.sha256(),
                entry.enabled(),
                entry.installedAt());
    }

    /// What a service that follows the server writes into its own catalogue.
    public CatalogueEntry entry() {
        return new CatalogueEntry(name, version, sha256, enabled, installedAt);
    }
}
