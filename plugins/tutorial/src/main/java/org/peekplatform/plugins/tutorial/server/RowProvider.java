package org.peekplatform.plugins.tutorial.server;

import static org.peekplatform.plugins.tutorial.db.tables.StringInt.STRING_INT;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jooq.Record3;
import org.jooq.Records;
import org.jooq.SelectJoinStep;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.tuple.TupleProvider;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

/// Loads the rows for whoever observes them: all of them, oldest first, or those that changed.
final class RowProvider implements TupleProvider<StringInt> {
    private final PluginStorage storage;

    RowProvider(PluginStorage storage) {
        this.storage = storage;
    }

    @Override
    public List<StringInt> load(TupleSelector<StringInt> selector) {
        return select().orderBy(STRING_INT.ID).fetch(Records.mapping(StringInt::new));
    }

    @Override
    public Optional<List<StringInt>> loadRows(TupleSelector<StringInt> selector, Set<String> keys) {
        List<Long> ids = keys.stream().map(Long::valueOf).toList();
        return Optional.of(
                select().where(STRING_INT.ID.in(ids)).fetch(Records.mapping(StringInt::new)));
    }

    private SelectJoinStep<Record3<Long, String, Long>> select() {
        return storage.dsl()
                .select(STRING_INT.ID, STRING_INT.STRING1, STRING_INT.INT1)
                .from(STRING_INT);
    }
}
