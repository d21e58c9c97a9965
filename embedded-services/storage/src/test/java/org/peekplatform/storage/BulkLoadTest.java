package org.peekplatform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jooq.Field;
import org.jooq.JSON;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.storage.BulkLoad;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.storage.RowSource;

@ParameterizedClass
@EnumSource(TestEngine.class)
class BulkLoadTest {
    private static final Table<Record> PART = table(name("part"));
    private static final Field<Long> ID = field(name("id"), Long.class);
    private static final Field<String> CODE = field(name("code"), String.class);
    private static final Field<Long> PARENT = field(name("parent"), Long.class);

    private record Part(long id, @Nullable String code, @Nullable Long parent) {
        Part(long id) {
            this(id, "p" + id, null);
        }
    }

    private static final BulkLoad<Part> PARTS =
            BulkLoad.of(Part.class, PART)
                    .column(ID, Part::id)
                    .column(CODE, Part::code)
                    .column(PARENT, Part::parent)
                    .build();

    private final TestEngine engine;

    @TempDir Path home;

    private OpenDatabase open;
    private PluginStorage storage;

    BulkLoadTest(TestEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void openDatabase() {
        open = new OpenDatabase(engine, home);
        open.database.migrate(
                "one",
                open.script(
                        "one",
                        "V1__part.sql",
                        """
                        CREATE SEQUENCE part_id;
                        CREATE TABLE part (
                            id BIGINT PRIMARY KEY,
                            code VARCHAR(10) NOT NULL UNIQUE,
                            parent BIGINT REFERENCES part (id),
                            note VARCHAR(10) DEFAULT 'none' NOT NULL
                        );
                        CREATE INDEX part_parent ON part (parent);
                        CREATE TABLE everything (
                            a_boolean BOOLEAN, a_short SMALLINT, an_int INTEGER, a_long BIGINT,
                            a_decimal NUMERIC(30, 10), a_float REAL, a_double DOUBLE PRECISION,
                            a_text VARCHAR(100), some_bytes BYTEA, a_uuid UUID, a_date DATE,
                            a_time TIME(6), a_timestamp TIMESTAMP(6),
                            an_instant TIMESTAMP(6) WITH TIME ZONE, a_json JSON
                        );
                        CREATE TABLE document (id BIGINT PRIMARY KEY, content TEXT);
                        """));
        storage = open.database.pluginStorage("one");
    }

    @AfterEach
    void closeDatabase() {
        open.close();
    }

    private static RowSource<Part> parts(long first, long last) {
        return RowSource.of(LongStream.rangeClosed(first, last).mapToObj(Part::new).iterator());
    }

    private int count() {
        return storage.dsl().fetchCount(PART);
    }

    @Test
    void rowsOfManyChunksArriveAllAndUnchanged() {
        assertThat(storage.load(PARTS, parts(1, 12_345))).isEqualTo(12_345);
        assertThat(
                        storage.dsl()
                                .select(DSL.count(), DSL.sum(ID), DSL.countDistinct(CODE))
                                .from(PART)
                                .where(CODE.eq(DSL.concat(DSL.val("p"), ID.cast(String.class))))
                                .fetchSingle()
                                .intoList())
                .containsExactly(12_345, new BigDecimal(12_345L * 12_346 / 2), 12_345);
    }

    @Test
    void columnsThatAreNotNamedTakeTheirDefaults() {
        storage.load(PARTS, parts(1, 2));
        assertThat(storage.dsl().fetch("SELECT note FROM part").getValues(0, String.class))
                .containsExactly("none", "none");
    }

    @Test
    void aSourceWithoutRowsLoadsNone() {
        assertThat(storage.load(PARTS, parts(1, 0))).isZero();
    }

    @Test
    void aTextThatIsTooLongIsRefusedByRowAndColumnAndNothingStays() {
        assertRefused(
                new Part(7_001, "a code too long", null),
                "row 7001 of the bulk load into table 'part' of plugin 'one' was refused at column"
                        + " 'code': a text is too long");
    }

    @Test
    void aValueThatIsMissingIsRefusedByRowAndColumn() {
        assertRefused(
                new Part(7_001, null, null),
                "row 7001 of the bulk load into table 'part' of plugin 'one' was refused at column"
                        + " 'code': a value is missing");
    }

    @Test
    void aRowThatIsThereAlreadyIsRefusedWithoutSayingWhatIsInIt() {
        assertRefused(
                new Part(6_000, "other", null),
                "row 7001 of the bulk load into table 'part' of plugin 'one' was refused at column"
                        + " 'id': another row has the same already");
    }

    @Test
    void aReferenceThatLeadsNowhereIsRefused() {
        assertRefused(
                new Part(7_001, "x", 99_999L),
                "row 7001 of the bulk load into table 'part' of plugin 'one' was refused at column"
                        + " 'parent': it refers to a row that does not exist");
    }

    /// Loads 7,000 good rows, `bad`, and more good ones.
    private void assertRefused(Part bad, String message) {
        RowSource<Part> source =
                RowSource.of(
                        Stream.of(
                                        LongStream.rangeClosed(1, 7_000).mapToObj(Part::new),
                                        Stream.of(bad),
                                        LongStream.rangeClosed(8_000, 9_000).mapToObj(Part::new))
                                .flatMap(rows -> rows)
                                .iterator());
        assertThatThrownBy(() -> storage.load(PARTS, source))
                .isInstanceOfSatisfying(
                        PeekException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
                .hasMessage(message);
        assertThat(count()).isZero();
    }

    @Test
    void whatAGeneratedFieldKnowsIsCheckedBeforeTheDatabaseIsAsked() {
        Field<String> code = DSL.field(name("code"), SQLDataType.VARCHAR(10).nullable(false));
        BulkLoad<Part> checked =
                BulkLoad.of(Part.class, PART).column(ID, Part::id).column(code, Part::code).build();
        assertThatThrownBy(() ->
                        storage.load(
                                checked,
                                RowSource.of(
                                        List.of(new Part(1), new Part(2, "a code too long", null))
                                                .iterator())))
                .hasMessage(
                        "row 2 of the bulk load into table 'part' of plugin 'one' was refused at"
                                + " column 'code': a text of 15 characters is too long; it takes"
                                + " 10");
        assertThatThrownBy(() ->
                        storage.load(
                                checked, RowSource.of(List.of(new Part(1, null, null)).iterator())))
                .hasMessageEndingWith("'code': a value is missing");
        assertThatThrownBy(() ->
                        storage.load(
                                checked,
                                RowSource.of(List.of(new Part(1, "a\0", null)).iterator())))
                .hasMessageContaining("U+0000");
    }

    @Test
    void aLoadIsPartOfTheTransactionUnderWay() {
        assertThatThrownBy(() ->
                        storage.transaction(dsl -> {
                            storage.load(PARTS, parts(1, 10));
                            assertThat(count()).isEqualTo(10);
                            throw new IOException("no");
                        }))
                .isInstanceOf(PeekException.class);
        assertThat(count()).isZero();
    }

    @Test
    void aLoadThatFailsTakesBackItselfAndNotTheTransactionAroundIt() {
        storage.transaction(dsl -> {
            storage.load(PARTS, parts(1, 10));
            assertThatThrownBy(() -> storage.load(PARTS, parts(5, 6_000)))
                    .isInstanceOf(PeekException.class);
            return storage.load(PARTS, parts(11, 12));
        });
        assertThat(count()).isEqualTo(12);
    }

    @Test
    void aSourceThatThrowsLeavesNothingBehind() {
        AtomicLong next = new AtomicLong();
        assertThatThrownBy(() ->
                        storage.load(
                                PARTS,
                                () -> {
                                    if (next.incrementAndGet() > 6_000) {
                                        throw new IOException("no file");
                                    }
                                    return new Part(next.get());
                                }))
                .isInstanceOf(PeekException.class)
                .hasMessage("a transaction of plugin 'one' failed: no file");
        assertThat(count()).isZero();
    }

    @Test
    void theSourceMayReadFromTheSameDatabaseMeanwhile() {
        storage.load(PARTS, parts(1, 12_000));
        long loaded =
                storage.read(
                        storage.dsl().select(ID).from(PART).orderBy(ID),
                        rows -> {
                            Iterator<Part> copies =
                                    rows.map(row -> new Part(row.value1() + 100_000)).iterator();
                            return storage.load(PARTS, RowSource.of(copies));
                        });
        assertThat(loaded).isEqualTo(12_000);
        assertThat(count()).isEqualTo(24_000);
    }

    @Test
    void onlyAFewThousandRowsAreTakenAheadOfTheDatabase() {
        AtomicLong given = new AtomicLong();
        long[] most = new long[1];
        storage.load(
                PARTS,
                () -> {
                    long next = given.incrementAndGet();
                    if (next % 500 == 0) {
                        most[0] = Math.max(most[0], next - count());
                    }
                    return next > 11_000 ? null : new Part(next);
                });
        assertThat(most[0]).isBetween(1L, 5_001L);
    }

    @Test
    void valuesOfEachKindComeBackAsTheyWere() {
        Instant instant = Instant.parse("2026-11-30T08:09:10.123456Z");
        List<Field<?>> fields =
                List.of(
                        field(name("a_boolean"), Boolean.class),
                        field(name("a_short"), Short.class),
                        field(name("an_int"), Integer.class),
                        field(name("a_long"), Long.class),
                        field(name("a_decimal"), BigDecimal.class),
                        field(name("a_float"), Float.class),
                        field(name("a_double"), Double.class),
                        field(name("a_text"), String.class),
                        field(name("some_bytes"), byte[].class),
                        field(name("a_uuid"), UUID.class),
                        field(name("a_date"), LocalDate.class),
                        field(name("a_time"), LocalTime.class),
                        field(name("a_timestamp"), LocalDateTime.class),
                        field(name("an_instant"), SQLDataType.INSTANT),
                        field(name("a_json"), SQLDataType.JSON));
        Table<Record> everything = table(name("everything"));
        Record full = storage.dsl().newRecord(fields);
        full.fromArray(
                true,
                (short) -7,
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                new BigDecimal("12345678901234567890.0123456789"),
                1.5f,
                -0.1,
                "tab\t new\nline \r back\\slash \\N \\. 'quote' \"Ω 𝄞\"",
                new byte[] {0, 1, -1, 127},
                UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"),
                LocalDate.of(1900, 2, 28),
                LocalTime.parse("23:59:59.999999"),
                LocalDateTime.parse("1999-12-31T23:59:59.000001"),
                instant,
                JSON.json("{\"a\":[1,\"x\\ny\"]}"));
        Record empty = storage.dsl().newRecord(fields);
        Record blank = storage.dsl().newRecord(fields);
        blank.set(field(name("a_text"), String.class), "");
        blank.set(field(name("some_bytes"), byte[].class), new byte[0]);
        storage.load(
                BulkLoad.ofRecords(everything, fields.toArray(Field<?>[]::new)),
                RowSource.of(List.of(full, empty, blank).iterator()));
        List<? extends Record> found = storage.dsl().select(fields).from(everything).fetch();
        assertThat(found).hasSize(3);
        for (Field<?> field : fields) {
            assertThat(found.get(0).get(field)).as(field.getName()).isEqualTo(full.get(field));
            assertThat(found.get(1).get(field)).as(field.getName()).isNull();
            assertThat(found.get(2).get(field)).as(field.getName()).isEqualTo(blank.get(field));
        }
    }

    @Test
    void textsOfManyMegabytesAreLoadedToo() {
        Field<String> content = field(name("content"), SQLDataType.CLOB);
        BulkLoad<Part> documents =
                BulkLoad.of(Part.class, table(name("document")))
                        .column(ID, Part::id)
                        .column(content, part -> "x".repeat((int) part.id() * 1_500_000))
                        .build();
        storage.load(documents, parts(1, 4));
        assertThat(
                        storage.dsl()
                                .fetch("SELECT CHAR_LENGTH(content) FROM document ORDER BY id")
                                .getValues(0, Integer.class))
                .containsExactly(1_500_000, 3_000_000, 4_500_000, 6_000_000);
    }

    @Test
    void aTypeThatCannotBeLoadedIsNamedBeforeTheSourceIsAsked() {
        Field<OffsetDateTime[]> times = field(name("times"), OffsetDateTime[].class);
        assertThatThrownBy(() ->
                        storage.load(
                                BulkLoad.ofRecords(PART, times),
                                () -> {
                                    throw new AssertionError("asked");
                                }))
                .hasMessageStartingWith("column 'times' of table 'part' has the type ")
                .hasMessageEndingWith("insert such rows with dsl()");
    }

    @Test
    void aLoadWithoutColumnsOrWithOneTwiceIsRefusedWhenItIsDescribed() {
        assertThatThrownBy(() -> BulkLoad.of(Part.class, PART).build())
                .hasMessage("a bulk load into table 'part' names no column");
        assertThatThrownBy(() -> BulkLoad.ofRecords(PART, ID, ID))
                .hasMessage("a bulk load into table 'part' names a column twice");
    }

    @Test
    void idsAreTakenInOneCallAndNeverTwice() {
        var sequence = DSL.sequence(name("part_id"), Long.class);
        long[] first = storage.nextIds(sequence, 2_500);
        Long between = storage.dsl().nextval(sequence);
        long[] second = storage.nextIds(sequence, 3);
        assertThat(first).hasSize(2_500).isSorted().doesNotHaveDuplicates();
        assertThat(between).isGreaterThan(first[2_499]);
        assertThat(second).hasSize(3).isSorted();
        assertThat(second[0]).isGreaterThan(between);
        assertThatThrownBy(() -> storage.nextIds(sequence, 0))
                .hasMessage(
                        "plugin 'one' asks for 0 values of sequence 'part_id'; ask for 1 to"
                                + " 1000000");
    }

    @Test
    void idsOfATransactionThatIsRolledBackAreNotGivenAgain() {
        var sequence = DSL.sequence(name("part_id"), Long.class);
        long[] taken = new long[1];
        assertThatThrownBy(() ->
                        storage.transaction(dsl -> {
                            taken[0] = storage.nextIds(sequence, 10)[9];
                            throw new IllegalStateException("no");
                        }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(storage.nextIds(sequence, 1)[0]).isGreaterThan(taken[0]);
    }

    @Test
    void aLargeResultIsReadAsItArrivesAndClosedAfterwards() {
        storage.load(PARTS, parts(1, 5_000));
        List<Stream<?>> kept = new ArrayList<>();
        long first =
                storage.read(
                        storage.dsl().select(ID).from(PART).orderBy(ID),
                        rows -> {
                            kept.add(rows);
                            return rows.iterator().next().value1();
                        });
        assertThat(first).isEqualTo(1);
        assertThatThrownBy(() -> kept.getFirst().count()).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() ->
                        storage.read(
                                storage.dsl().select(ID).from(PART),
                                rows -> {
                                    throw new IOException("no");
                                }))
                .hasMessage("a transaction of plugin 'one' failed: no");
        assertThat(count()).isEqualTo(5_000);
    }
}
