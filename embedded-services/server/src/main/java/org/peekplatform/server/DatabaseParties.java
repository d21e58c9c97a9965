package org.peekplatform.server;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.web.identity.EnrolledParty;
import org.peekplatform.web.identity.PartyKind;
import org.peekplatform.web.identity.PartyStore;

/// Those who have joined, in the platform's own schema.
final class DatabaseParties implements PartyStore {
    private static final Table<Record> PARTIES = table(name("enrolled_party"));
    private static final Field<String> ID = field(name("id"), String.class);
    private static final Field<String> KIND = field(name("kind"), String.class);
    private static final Field<String> NAME = field(name("name"), String.class);
    private static final Field<String> PUBLIC_KEY = field(name("public_key"), String.class);
    private static final Field<Boolean> OF_HOME = field(name("of_home"), Boolean.class);
    private static final Field<OffsetDateTime> JOINED_AT =
            field(name("joined_at"), OffsetDateTime.class);
    private static final Field<String> JOINED_FROM = field(name("joined_from"), String.class);
    private static final Field<OffsetDateTime> LAST_SEEN_AT =
            field(name("last_seen_at"), OffsetDateTime.class);
    private static final Field<OffsetDateTime> REVOKED_AT =
            field(name("revoked_at"), OffsetDateTime.class);

    private final PluginStorage storage;

    /// @param storage of the platform
    DatabaseParties(PluginStorage storage) {
        this.storage = storage;
    }

    @Override
    public List<EnrolledParty> load() {
        return storage.dsl()
                .select(
                        ID,
                        KIND,
                        NAME,
                        PUBLIC_KEY,
                        OF_HOME,
                        JOINED_AT,
                        JOINED_FROM,
                        LAST_SEEN_AT,
                        REVOKED_AT)
                .from(PARTIES)
                .fetch(row -> {
                    @Nullable OffsetDateTime revoked = row.get(REVOKED_AT);
                    return new EnrolledParty(
                            row.get(ID),
                            PartyKind.of(row.get(KIND)).orElseThrow(),
                            row.get(NAME),
                            row.get(PUBLIC_KEY),
                            row.get(OF_HOME),
                            row.get(JOINED_AT).toInstant(),
                            row.get(JOINED_FROM),
                            row.get(LAST_SEEN_AT).toInstant(),
                            revoked == null ? null : revoked.toInstant());
                });
    }

    @Override
    public void save(EnrolledParty party) {
        Instant revoked = party.revokedAt();
        storage.transaction(dsl -> {
            dsl.deleteFrom(PARTIES).where(ID.eq(party.id())).execute();
            return dsl.insertInto(PARTIES)
                    .set(ID, party.id())
                    .set(KIND, party.kind().id())
                    .set(NAME, party.name())
                    .set(PUBLIC_KEY, party.publicKey())
                    .set(OF_HOME, party.ofHome())
                    .set(JOINED_AT, party.joinedAt().atOffset(ZoneOffset.UTC))
                    .set(JOINED_FROM, party.joinedFrom())
                    .set(LAST_SEEN_AT, party.lastSeenAt().atOffset(ZoneOffset.UTC))
                    .set(REVOKED_AT, revoked == null ? null : revoked.atOffset(ZoneOffset.UTC))
                    .execute();
        });
    }

    @Override
    public void remove(String id) {
        storage.dsl().deleteFrom(PARTIES).where(ID.eq(id)).execute();
    }

    @Override
    public <T> T together(Supplier<T> work) {
        return storage.transaction(dsl -> work.get());
    }
}
