package org.peekplatform.pluginhost;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/// A catalogue that is forgotten at the end of the process.
public final class InMemoryPluginCatalogue implements PluginCatalogue {
    private final ConcurrentSkipListMap<String, CatalogueEntry> entries =
            new ConcurrentSkipListMap<>();

    @Override
    public List<CatalogueEntry> list() {
        return List.copyOf(entries.values());
    }

    @Override
    public void put(CatalogueEntry entry) {
        entries.put(entry.name(), entry);
    }

    @Override
    public void remove(String name) {
        entries.remove(name);
    }
}
