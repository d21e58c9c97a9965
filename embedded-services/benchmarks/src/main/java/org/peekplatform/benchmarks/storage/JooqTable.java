package org.peekplatform.benchmarks.storage;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.time.OffsetDateTime;
import java.util.List;
import org.jooq.BatchBindStep;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Records;
import org.jooq.Table;
import org.jooq.impl.SQLDataType;

/// The table in words of jOOQ, the same for Peek's storage and for jOOQ alone.
final class JooqTable {
    static final Table<Record> READING = table(name("reading"));
    static final Field<Long> ID = field(name("id"), SQLDataType.BIGINT);
    static final Field<String> SITE = field(name("site"), SQLDataType.VARCHAR(100));
    static final Field<Double> AMOUNT = field(name("amount"), SQLDataType.DOUBLE);
    static final Field<OffsetDateTime> READ_AT =
            field(name("read_at"), SQLDataType.TIMESTAMPWITHTIMEZONE);

    private JooqTable() {}

    static void insert(DSLContext dsl, Reading row) {
        dsl.insertInto(READING, ID, SITE, AMOUNT, READ_AT)
                .values(row.id(), row.site(), row.amount(), row.readAt())
                .execute();
    }

    static void batch(DSLContext dsl, List<Reading> rows) {
        BatchBindStep batch =
                dsl.batch(
                        dsl.insertInto(READING, ID, SITE, AMOUNT, READ_AT)
                                .values(
                                        (Long) null,
                                        (String) null,
                                        (Double) null,
                                        (OffsetDateTime) null));
        for (Reading row : rows) {
            batch = batch.bind(row.id(), row.site(), row.amount(), row.readAt());
        }
        batch.execute();
    }

    static List<Reading> query(DSLContext dsl, String site) {
        return dsl.select(ID, SITE, AMOUNT, READ_AT)
                .from(READING)
                .where(SITE.eq(site))
                .orderBy(ID)
                .fetch(Records.mapping(Reading::new));
    }
}
