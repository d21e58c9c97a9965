package org.peekplatform.benchmarks.storage;

import static org.peekplatform.benchmarks.storage.JooqTable.AMOUNT;
import static org.peekplatform.benchmarks.storage.JooqTable.ID;
import static org.peekplatform.benchmarks.storage.JooqTable.READING;
import static org.peekplatform.benchmarks.storage.JooqTable.READ_AT;
import static org.peekplatform.benchmarks.storage.JooqTable.SITE;

import java.util.Iterator;
import java.util.List;
import org.jooq.Records;
import org.jooq.impl.DSL;
import org.peekplatform.api.storage.BulkLoad;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.storage.RowSource;

/// What a plugin does.
final class PeekSide implements Side {
    private static final BulkLoad<Reading> LOAD =
            BulkLoad.of(Reading.class, READING)
                    .column(ID, Reading::id)
                    .column(SITE, Reading::site)
                    .column(AMOUNT, Reading::amount)
                    .column(READ_AT, Reading::readAt)
                    .build();

    private final PluginStorage storage;

    PeekSide(PluginStorage storage) {
        this.storage = storage;
    }

    @Override
    public void clear() {
        storage.dsl().truncate(READING).execute();
    }

    @Override
    public void load(Iterator<Reading> rows) {
        storage.load(LOAD, RowSource.of(rows));
    }

    @Override
    public void insert(Reading row) {
        JooqTable.insert(storage.dsl(), row);
    }

    @Override
    public void batch(List<Reading> rows) {
        storage.transaction(dsl -> {
            JooqTable.batch(dsl, rows);
            return rows.size();
        });
    }

    @Override
    public List<Reading> query(String site) {
        return JooqTable.query(storage.dsl(), site);
    }

    @Override
    public Sums sums() {
        return storage.dsl()
                .select(
                        DSL.count().cast(Long.class),
                        DSL.coalesce(DSL.sum(ID), 0).cast(Long.class),
                        DSL.coalesce(DSL.sum(AMOUNT), 0).cast(Double.class))
                .from(READING)
                .fetchSingle(Records.mapping(Sums::new));
    }

    @Override
    public void close() {
        // Belongs to the database.
    }
}
