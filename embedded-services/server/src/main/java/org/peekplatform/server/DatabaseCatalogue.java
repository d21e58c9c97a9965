package org.peekplatform.server;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.pluginhost.CatalogueEntry;
import org.peekplatform.pluginhost.PluginCatalogue;

/// The catalogue in the platform's own schema.
public final class DatabaseCatalogue implements PluginCatalogue {
    private static final Table<Record> CATALOGUE = table(name("plugin_catalogue"));
    private static final Field<String> NAME = field(name("name"), String.class);
    private static final Field<String> VERSION = field(name("version"), String.class);
    private static final Field<String> SHA256 = field(name("sha256"), String.class);
    private static final Field<Boolean> ENABLED = field(name("enabled"), Boolean.class);
    private static final Field<OffsetDateTime> INSTALLED_AT =
            field(name("installed_at"), OffsetDateTime.class);

    private final PluginStorage storage;

    /// @param storage of the platform
    public DatabaseCatalogue(PluginStorage storage) {
        this.storage = storage;
    }

    @Override
    public List<CatalogueEntry> list() {
        return storage.dsl()
                .select(NAME, VERSION, SHA256, ENABLED, INSTALLED_AT)
                .from(CATALOGUE)
                .orderBy(NAME)
                .fetch(row ->
                        new CatalogueEntry(
                                row.get(NAME),
                                row.get(VERSION),
                                row.get(SHA256),
                                row.get(ENABLED),
                                row.get(INSTALLED_AT).toInstant()));
    }

    @Override
    public void put(CatalogueEntry entry) {
        storage.transaction(dsl -> {
            dsl.deleteFrom(CATALOGUE).where(NAME.eq(entry.name())).execute();
            return dsl.insertInto(CATALOGUE)
                    .set(NAME, entry.name())
                    .set(VERSION, entry.version())
                    .set(SHA256, entry.sha256())
                    .set(ENABLED, entry.enabled())
                    .set(INSTALLED_AT, entry.installedAt().atOffset(ZoneOffset.UTC))
                    .execute();
        });
    }

    @Override
    public void remove(String name) {
        storage.dsl().deleteFrom(CATALOGUE).where(NAME.eq(name)).execute();
    }
}
