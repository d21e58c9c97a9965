package org.peekplatform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.storage.EditableTable;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.table.TableAnswer;
import org.peekplatform.api.table.TableClient;
import org.peekplatform.api.table.TableEdit;
import org.peekplatform.api.table.TablePage;
import org.peekplatform.api.table.TableQuery;
import org.peekplatform.api.table.TableQuery.Direction;
import org.peekplatform.api.table.TableQuery.Operator;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.TupleType;
import org.peekplatform.vortex.ActionHub;
import org.peekplatform.vortex.Authorisation;
import org.peekplatform.vortex.ObservableHub;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartyTables;
import org.peekplatform.vortex.PartyTuples;
import org.peekplatform.vortex.PlatformThreads;
import org.peekplatform.vortex.RowsObserver;

/// Tables as their editors see them, through the data exchange down to a real database.
@ParameterizedClass
@EnumSource(TestEngine.class)
class PluginTablesTest {
    private static final Caller ADMIN = new Caller.Administrator("ada");
    private static final Caller DEVICE = new Caller.Device("d1");
    private static final TupleSelector<Site> SITES = TupleSelector.of(Site.class);

    private static final Table<?> SITE = DSL.table(DSL.name("site"));
    private static final Field<Long> ID = DSL.field(DSL.name("id"), SQLDataType.BIGINT);
    private static final Field<String> CODE =
            DSL.field(DSL.name("code"), SQLDataType.VARCHAR(8).notNull());
    private static final Field<String> NAME =
            DSL.field(DSL.name("name"), SQLDataType.VARCHAR.notNull());
    private static final Field<Integer> LOAD_KW =
            DSL.field(DSL.name("load_kw"), SQLDataType.INTEGER);
    private static final Field<?> SEEN =
            DSL.field(DSL.name("seen"), SQLDataType.TIMESTAMPWITHTIMEZONE);
    private static final Field<Long> AREA = DSL.field(DSL.name("area"), SQLDataType.BIGINT);
    private static final Field<String> STATE =
            DSL.field(DSL.name("state"), SQLDataType.VARCHAR(10).notNull());
    private static final Field<String> SECRET =
            DSL.field(DSL.name("secret"), SQLDataType.VARCHAR(10));

    private final TestEngine engine;
    @TempDir Path home;
    private final PlatformThreads threads = new PlatformThreads();
    private final Party party = Party.platform("grid");
    private OpenDatabase open;
    private PluginStorage storage;
    private ObservableHub observables;
    private ActionHub actions;
    private TableClient<Site> sites;

    enum State {
        PLANNED,
        LIVE
    }

    @TupleType(name = "grid.Site")
    record Site(
            @TupleKey long id,
            String code,
            String name,
            @Nullable Long loadKw,
            @Nullable Instant seen,
            @Nullable Long area,
            State state)
            implements Tuple {
        Site with(String name) {
            return new Site(id, code, name, loadKw, seen, area, state);
        }
    }

    @TupleType(name = "grid.Note")
    record Note(@TupleKey String title, String body, long version) implements Tuple {}

    PluginTablesTest(TestEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void openDatabase() {
        open = new OpenDatabase(engine, home);
        open.database.migrate(
                "grid",
                open.script(
                        "grid",
                        "V1__grid.sql",
                        """
                        CREATE TABLE area (id BIGINT PRIMARY KEY);
                        CREATE TABLE site (
                            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
                            code VARCHAR(8) NOT NULL UNIQUE,
                            name VARCHAR(20) NOT NULL,
                            load_kw INTEGER,
                            seen TIMESTAMP WITH TIME ZONE,
                            area BIGINT REFERENCES area (id),
                            state VARCHAR(10) NOT NULL,
                            secret VARCHAR(10),
                            CHECK (load_kw <> 13)
                        );
                        CREATE TABLE note (
                            title VARCHAR(20) PRIMARY KEY, body VARCHAR(20) NOT NULL, version BIGINT NOT NULL
                        );
                        CREATE TABLE log (line VARCHAR(200));
                        """));
        storage = open.database.pluginStorage("grid");
        observables =
                new ObservableHub(
                        threads, open.database.transactions(), Authorisation.asDeclared());
        actions =
                new ActionHub(
                        open.database.transactions(), observables, Authorisation.asDeclared());
        sites = as(ADMIN).of(Site.class);
    }

    @AfterEach
    void closeDatabase() {
        actions.close();
        observables.close();
        open.close();
        threads.close();
    }

    private PartyTables as(Caller caller) {
        return new PartyTables(actions, party, caller);
    }

    private EditableTable.Builder<Site> siteTable() {
        return EditableTable.of(Site.class, SITE)
                .generatedKey(ID)
                .field("code", CODE)
                .field("name", NAME)
                .field("loadKw", LOAD_KW)
                .readOnly("seen", SEEN)
                .field("area", AREA)
                .field("state", STATE)
                .readableBy(Audience.DEVICES)
                .editableBy(Audience.ADMINISTRATORS)
                .changes(SITES);
    }

    private void offer(EditableTable<?> table) {
        new PluginTables(actions, open.database, party).offer(table);
    }

    private static Site site(String code, String name) {
        return new Site(0, code, name, null, null, null, State.LIVE);
    }

    private static <R> R get(CompletableFuture<R> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private Site create(Site row) throws Exception {
        return saved(get(sites.edit(new TableEdit.Create<>(row))));
    }

    private static Site saved(TableAnswer<Site> answer) {
        return switch (answer) {
            case TableAnswer.Saved<Site>(Site row) -> row;
            default -> throw new AssertionError("not saved: " + answer);
        };
    }

    private List<Site> all() throws Exception {
        return get(sites.read(TableQuery.of(1_000))).rows();
    }

    private static TableQuery<Site> where(String field, Operator operator, String... values) {
        return TableQuery.<Site>of(100).where(field, operator, values);
    }

    private List<String> codes(TableQuery<Site> query) throws Exception {
        return get(sites.read(query)).rows().stream().map(Site::code).toList();
    }

    private static Map<String, String> fieldProblems(TableAnswer<?> answer) {
        assertThat(answer).isInstanceOf(TableAnswer.Invalid.class);
        return ((TableAnswer.Invalid<?>) answer).fields();
    }

    private List<String> log() {
        return storage.dsl().fetchValues("SELECT line FROM log").stream()
                .map(String::valueOf)
                .toList();
    }

    private PeekException refused(CompletableFuture<?> future) {
        try {
            get(future);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PeekException refusal) {
                return refusal;
            }
            throw new AssertionError(e);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("it was not refused");
    }

    @Test
    void rowsAreCreatedReadUpdatedAndDeleted() throws Exception {
        offer(siteTable().build());
        Site made = create(new Site(0, "N1", "North", 1_200L, null, null, State.PLANNED));
        assertThat(made).isEqualTo(new Site(1, "N1", "North", 1_200L, null, null, State.PLANNED));
        storage.dsl()
                .execute(
                        "UPDATE site SET seen = TIMESTAMP WITH TIME ZONE '2031-02-03 04:05:06.123456+02:00'");
        Site read = all().getFirst();
        assertThat(read.seen()).isEqualTo(Instant.parse("2031-02-03T02:05:06.123456Z"));

        Site changed = new Site(1, "N2", "North-east", null, read.seen(), null, State.LIVE);
        assertThat(saved(get(sites.edit(new TableEdit.Update<>(read, changed)))))
                .isEqualTo(changed);
        assertThat(all()).containsExactly(changed);

        assertThat(saved(get(sites.edit(new TableEdit.Delete<>(changed))))).isEqualTo(changed);
        assertThat(all()).isEmpty();
    }

    @Test
    void observersSeeAnEditWhenItIsCommitted() throws Exception {
        offer(siteTable().build());
        new PartyTuples(observables, party)
                .provide(
                        Site.class,
                        Audience.DEVICES,
                        selector ->
                                storage
                                        .dsl()
                                        .fetchValues("SELECT name FROM site ORDER BY id")
                                        .stream()
                                        .map(name -> site("x", String.valueOf(name)))
                                        .toList());
        CountDownLatch seen = new CountDownLatch(1);
        new RowsObserver(observables, party, ADMIN)
                .observe(
                        SITES,
                        update -> {
                            if (!update.rows().isEmpty()) {
                                seen.countDown();
                            }
                        });
        create(site("N1", "North"));
        assertThat(seen.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theSecondOfTwoEditorsIsShownWhatTheFirstHasDone() throws Exception {
        offer(siteTable().build());
        Site seenByBoth = create(site("N1", "North"));
        Site first = seenByBoth.with("North bank");
        saved(get(sites.edit(new TableEdit.Update<>(seenByBoth, first))));

        Site second = new Site(1, "N1", "North", 7L, null, null, State.LIVE);
        TableAnswer<Site> lost = get(sites.edit(new TableEdit.Update<>(seenByBoth, second)));
        assertThat(lost).isEqualTo(new TableAnswer.Changed<>(first, List.of("name")));
        assertThat(get(sites.edit(new TableEdit.Delete<>(seenByBoth)))).isEqualTo(lost);
        assertThat(all()).containsExactly(first);

        saved(get(sites.edit(new TableEdit.Update<>(first, second))));
        assertThat(all()).containsExactly(second);
        saved(get(sites.edit(new TableEdit.Delete<>(second))));
        assertThat(get(sites.edit(new TableEdit.Update<>(second, first))))
                .isEqualTo(new TableAnswer.Gone<>());
        assertThat(get(sites.edit(new TableEdit.Delete<>(second))))
                .isEqualTo(new TableAnswer.Gone<>());
    }

    @Test
    void ofManyEditorsAtOnceExactlyOneWins() throws Exception {
        offer(siteTable().build());
        Site before = create(site("N1", "North"));
        List<CompletableFuture<TableAnswer<Site>>> answers =
                IntStream.range(0, 12)
                        .mapToObj(i ->
                                sites.edit(
                                        new TableEdit.Update<>(before, before.with("name " + i))))
                        .toList();
        int won = 0;
        Site winner = before;
        for (CompletableFuture<TableAnswer<Site>> answer : answers) {
            if (get(answer) instanceof TableAnswer.Saved<Site>(Site row)) {
                won++;
                winner = row;
            }
        }
        assertThat(won).isEqualTo(1);
        assertThat(all()).containsExactly(winner);
    }

    @Test
    void aVersionAloneTellsWhetherARowHasChanged() throws Exception {
        Table<?> table = DSL.table(DSL.name("note"));
        offer(
                EditableTable.of(Note.class, table)
                        .enteredKey(DSL.field(DSL.name("title"), SQLDataType.VARCHAR(20)))
                        .field("body", DSL.field(DSL.name("body"), SQLDataType.VARCHAR(20)))
                        .version("version", DSL.field(DSL.name("version"), SQLDataType.BIGINT))
                        .readableBy(Audience.DEVICES)
                        .editableBy(Audience.DEVICES)
                        .build());
        TableClient<Note> notes = as(DEVICE).of(Note.class);
        get(notes.edit(new TableEdit.Create<>(new Note("a", "one", 0))));
        Note one = new Note("a", "one", 1);
        assertThat(get(notes.read(TableQuery.of(10))).rows()).containsExactly(one);

        // Written beside the table and not counted: the version says that nothing has changed.
        storage.dsl().execute("UPDATE note SET body = 'beside'");
        assertThat(get(notes.edit(new TableEdit.Update<>(one, new Note("a", "two", 1)))))
                .isEqualTo(new TableAnswer.Saved<>(new Note("a", "two", 2)));
        assertThat(get(notes.edit(new TableEdit.Update<>(one, new Note("a", "late", 1)))))
                .isEqualTo(
                        new TableAnswer.Changed<>(
                                new Note("a", "two", 2), List.of("body", "version")));
        assertThat(fieldProblems(get(notes.edit(new TableEdit.Create<>(new Note("a", "x", 0))))))
                .containsOnlyKeys("title");
        assertThat(
                        refused(notes.edit(new TableEdit.Update<>(one, new Note("b", "two", 1))))
                                .getMessage())
                .isEqualTo("an update of Note names two rows; send the same 'title' twice");
    }

    @Test
    void everyFieldThatIsWrongIsNamedAndNothingIsSaved() throws Exception {
        offer(
                siteTable()
                        .normalise(row -> row.with(row.name().strip()))
                        .check((row, problems) -> {
                            if (row.name().isEmpty()) {
                                problems.field("name", "Give the site a name.");
                            }
                            if (row.code().equals(row.name())) {
                                problems.general("Name and code must differ.");
                            }
                        })
                        .build());
        TableAnswer<Site> answer =
                get(
                        sites.edit(
                                new TableEdit.Create<>(
                                        new Site(
                                                0,
                                                "much too long",
                                                "  ",
                                                1L << 40,
                                                null,
                                                null,
                                                State.LIVE))));
        assertThat(fieldProblems(answer))
                .isEqualTo(
                        Map.of(
                                "code",
                                "At most 8 characters fit here, but these are 13.",
                                "name",
                                "Give the site a name.",
                                "loadKw",
                                "This value does not fit; enter another one."));
        assertThat(get(sites.edit(new TableEdit.Create<>(site("same", "same")))))
                .isEqualTo(
                        new TableAnswer.Invalid<>(Map.of(), List.of("Name and code must differ.")));
        assertThat(all()).isEmpty();
        assertThat(create(site("N1", " North ")).name()).isEqualTo("North");
    }

    @Test
    void whatTheDatabaseRefusesIsSaidAtItsField() throws Exception {
        offer(siteTable().build());
        Site first = create(site("N1", "North"));
        assertThat(fieldProblems(get(sites.edit(new TableEdit.Create<>(site("N1", "x"))))))
                .isEqualTo(Map.of("code", "Another row has this already; enter something else."));
        // The columns made by hand do not know their length, and PostgreSQL does not say whose it
        // is.
        assertThat(get(sites.edit(new TableEdit.Create<>(site("N2", "x".repeat(21))))))
                .isEqualTo(
                        switch (engine) {
                            case H2 ->
                                    new TableAnswer.Invalid<Site>(
                                            Map.of("name", "This is too long; shorten it."),
                                            List.of());
                            case POSTGRESQL ->
                                    new TableAnswer.Invalid<Site>(
                                            Map.of(), List.of("A value is too long; shorten it."));
                        });
        Site nowhere = new Site(1, "N1", "North", null, null, 99L, State.LIVE);
        assertThat(fieldProblems(get(sites.edit(new TableEdit.Update<>(first, nowhere)))))
                .isEqualTo(
                        Map.of(
                                "area",
                                "There is nothing of this name to refer to; enter another one."));
        Site unlucky = new Site(1, "N1", "North", 13L, null, null, State.LIVE);
        assertThat(get(sites.edit(new TableEdit.Update<>(first, unlucky))))
                .isEqualTo(
                        new TableAnswer.Invalid<>(
                                Map.of(), List.of("The database does not allow these values.")));
        assertThat(all()).containsExactly(first);
    }

    @Test
    void onlyWritableFieldsAreWritten() throws Exception {
        offer(siteTable().build());
        Instant now = Instant.parse("2031-01-01T00:00:00Z");
        Site first = create(site("N1", "North"));
        assertThat(
                        fieldProblems(
                                get(
                                        sites.edit(
                                                new TableEdit.Update<>(
                                                        first,
                                                        new Site(
                                                                1,
                                                                "N1",
                                                                "x",
                                                                null,
                                                                now,
                                                                null,
                                                                State.LIVE))))))
                .isEqualTo(Map.of("seen", "This cannot be changed."));
        assertThat(
                        fieldProblems(
                                get(
                                        sites.edit(
                                                new TableEdit.Create<>(
                                                        new Site(
                                                                77,
                                                                "N2",
                                                                "x",
                                                                null,
                                                                now,
                                                                null,
                                                                State.LIVE))))))
                .isEqualTo(
                        Map.of(
                                "id", "This cannot be entered; leave it empty.",
                                "seen", "This cannot be entered; leave it empty."));
        // A column that is not declared cannot be named at all.
        storage.dsl().update(SITE).set(SECRET, "kept").execute();
        assertThat(
                        actions.act(
                                        "grid.Site.update",
                                        ("{\"before\":{\"id\":1,\"code\":\"N1\",\"name\":\"North\",\"state\":\"LIVE\"},"
                                                        + "\"after\":{\"id\":1,\"code\":\"N1\",\"name\":\"South\","
                                                        + "\"state\":\"LIVE\",\"secret\":\"taken\"}}")
                                                .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                        ADMIN)
                                .get(20, TimeUnit.SECONDS)
                                .message())
                .isNull();
        assertThat(storage.dsl().fetchValue("SELECT name || secret FROM site"))
                .isEqualTo("Southkept");
    }

    @Test
    void aVetoBeforeTheCommitUndoesTheEditAndWhatTheHookDid() throws Exception {
        List<String> after = new ArrayList<>();
        offer(
                siteTable()
                        .beforeCommit((edit, context) -> {
                            context.dsl()
                                    .execute(
                                            "INSERT INTO log (line) VALUES (?)",
                                            context.caller() + " " + edit);
                            if (edit instanceof TableEdit.Create<Site>(Site row)
                                    && row.name().equals("No")) {
                                context.problems().field("name", "Not this one.");
                            }
                        })
                        .afterCommit(edit -> after.add(edit.kind() + " " + all().size()))
                        .build());
        assertThat(fieldProblems(get(sites.edit(new TableEdit.Create<>(site("N1", "No"))))))
                .isEqualTo(Map.of("name", "Not this one."));
        assertThat(all()).isEmpty();
        assertThat(log()).isEmpty();
        assertThat(after).isEmpty();

        Site made = create(site("N1", "Yes"));
        assertThat(log()).hasSize(1).first().asString().contains("ada").contains("id=" + made.id());
        // Read by another transaction: the edit was committed before.
        assertThat(after).containsExactly("CREATE 1");
    }

    @Test
    void aHookThatThrowsUndoesTheEditAndIsAFault() throws Exception {
        offer(
                siteTable()
                        .beforeCommit((edit, context) -> {
                            throw new java.io.IOException("/secret/path");
                        })
                        .build());
        PeekException fault = refused(sites.edit(new TableEdit.Create<>(site("N1", "North"))));
        assertThat(fault.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(fault).hasMessageNotContaining("secret");
        assertThat(all()).isEmpty();
    }

    @Test
    void whatFailsAfterTheCommitDoesNotUndoIt() throws Exception {
        offer(
                siteTable()
                        .afterCommit(edit -> {
                            throw new IllegalStateException("no");
                        })
                        .build());
        create(site("N1", "North"));
        assertThat(all()).hasSize(1);
    }

    @Test
    void filtersAndOrderAreTheDatabases() throws Exception {
        offer(siteTable().build());
        create(new Site(0, "A", "Cold Bay", 5L, null, null, State.LIVE));
        create(new Site(0, "B", "100% sand_", 20L, null, null, State.PLANNED));
        create(new Site(0, "C", "Bay City", null, null, null, State.LIVE));
        create(new Site(0, "D", "1000 sandy", 5L, null, null, State.LIVE));

        assertThat(codes(where("name", Operator.CONTAINS, "bAY"))).containsExactly("A", "C");
        assertThat(codes(where("name", Operator.STARTS_WITH, "bay"))).containsExactly("C");
        assertThat(codes(where("name", Operator.CONTAINS, "0% "))).containsExactly("B");
        assertThat(codes(where("name", Operator.CONTAINS, "d_"))).containsExactly("B");
        assertThat(codes(where("loadKw", Operator.EQUAL, "5"))).containsExactly("A", "D");
        assertThat(codes(where("loadKw", Operator.NOT_EQUAL, "5"))).containsExactly("B", "C");
        assertThat(codes(where("loadKw", Operator.LESS, "20"))).containsExactly("A", "D");
        assertThat(codes(where("loadKw", Operator.AT_MOST, "20"))).containsExactly("A", "B", "D");
        assertThat(codes(where("loadKw", Operator.GREATER, "5"))).containsExactly("B");
        assertThat(codes(where("loadKw", Operator.AT_LEAST, "5"))).containsExactly("A", "B", "D");
        assertThat(codes(where("loadKw", Operator.BETWEEN, "6", "30"))).containsExactly("B");
        assertThat(codes(where("loadKw", Operator.IN, "20", "21"))).containsExactly("B");
        assertThat(codes(where("loadKw", Operator.IS_NULL))).containsExactly("C");
        assertThat(codes(where("state", Operator.EQUAL, "PLANNED"))).containsExactly("B");
        assertThat(
                        codes(
                                where("loadKw", Operator.EQUAL, "5")
                                        .where("name", Operator.CONTAINS, "sand")))
                .containsExactly("D");

        TableQuery<Site> all = TableQuery.of(100);
        assertThat(codes(all.sortedBy("loadKw", Direction.ASCENDING)))
                .containsExactly("A", "D", "B", "C");
        assertThat(
                        codes(
                                all.sortedBy("loadKw", Direction.DESCENDING)
                                        .sortedBy("id", Direction.DESCENDING)))
                .containsExactly("B", "D", "A", "C");
        TablePage<Site> counted =
                get(sites.read(where("name", Operator.CONTAINS, "sand").counted()));
        assertThat(counted.total()).isEqualTo(2);
        assertThat(get(sites.read(all)).total()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "' OR 1=1 --",
                "x'; DROP TABLE site; --",
                "%",
                "_",
                "!%",
                "\\",
                "\" OR \"\"=\"",
                "{1}",
                "?",
                ":name"
            })
    void whatAFilterSaysIsNothingButAValue(String text) throws Exception {
        offer(siteTable().build());
        create(site("N1", "North"));
        create(site("N2", text.substring(0, Math.min(20, text.length()))));
        for (Operator operator : List.of(Operator.CONTAINS, Operator.STARTS_WITH, Operator.EQUAL)) {
            List<String> found =
                    codes(where("name", operator, text.substring(0, Math.min(20, text.length()))));
            assertThat(found).containsExactly("N2");
        }
        assertThat(refused(sites.read(where(text, Operator.EQUAL, "1"))).code())
                .isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refused(sites.read(where("id", Operator.EQUAL, text))).code())
                .isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(
                        refused(
                                        sites.read(
                                                TableQuery.<Site>of(10)
                                                        .sortedBy(text, Direction.ASCENDING)))
                                .code())
                .isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(all()).hasSize(2);
    }

    @Test
    void aQueryOfWhatIsNotDeclaredIsRefused() {
        offer(siteTable().build());
        assertThat(refused(sites.read(where("secret", Operator.EQUAL, "kept"))).getMessage())
                .isEqualTo(
                        "Site has no field 'secret'; there are id, code, name, loadKw, seen, area, state");
        assertThat(refused(sites.read(where("loadKw", Operator.CONTAINS, "1"))).getMessage())
                .startsWith("'loadKw' of Site is no text");
        assertThat(refused(sites.read(where("loadKw", Operator.EQUAL, "x"))).getMessage())
                .startsWith("the filter of 'loadKw' has a wrong value: Enter a whole number");
        assertThatThrownBy(() -> TableQuery.<Site>of(1_001))
                .hasMessage("a page has from 1 to 1000 rows, not 1001");
        assertThatThrownBy(() -> where("name", Operator.BETWEEN, "a"))
                .hasMessage("the filter of 'name' has 1 values, but BETWEEN takes 2");
        // From elsewhere, such as a browser, limits are checked just the same.
        assertThat(
                        actions.act(
                                        "grid.Site.read",
                                        "{\"filters\":[],\"sort\":[],\"limit\":5000}"
                                                .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                        ADMIN)
                                .join()
                                .message())
                .isEqualTo(
                        "the query of grid.Site cannot be read: a page has from 1 to 1000 rows, not 5000");
    }

    @Test
    void everyRowIsOnExactlyOnePage() throws Exception {
        offer(siteTable().build());
        for (int i = 0; i < 23; i++) {
            create(
                    new Site(
                            0,
                            "s" + i,
                            "same " + i % 2,
                            i % 5 == 0 ? null : (long) (i % 3),
                            null,
                            null,
                            State.LIVE));
        }
        for (Direction direction : Direction.values()) {
            TableQuery<Site> query =
                    TableQuery.<Site>of(4)
                            .sortedBy("loadKw", direction)
                            .sortedBy("name", Direction.DESCENDING);
            List<Site> inOrder =
                    get(sites.read(new TableQuery<>(List.of(), query.sort(), 100, 0, null, false)))
                            .rows();
            assertThat(inOrder).hasSize(23);
            List<Site> byOffset = new ArrayList<>();
            List<Site> byKey = new ArrayList<>();
            boolean more = true;
            TableQuery<Site> next = query;
            while (more) {
                TablePage<Site> page = get(sites.read(next));
                byKey.addAll(page.rows());
                byOffset.addAll(get(sites.read(query.from(byOffset.size()))).rows());
                more = page.more();
                next = query.after(page.rows().getLast());
            }
            assertThat(byKey).isEqualTo(inOrder);
            assertThat(byOffset).isEqualTo(inOrder);
        }
    }

    @Test
    void pagesBehindARowStayWhereTheyAreWhenOthersAddRows() throws Exception {
        offer(siteTable().build());
        for (String code : List.of("b", "d", "f", "h")) {
            create(site(code, "n"));
        }
        TableQuery<Site> query = TableQuery.<Site>of(2).sortedBy("code", Direction.ASCENDING);
        List<Site> first = get(sites.read(query)).rows();
        create(site("a", "n"));
        saved(get(sites.edit(new TableEdit.Delete<>(first.getLast()))));
        assertThat(codes(query.after(first.getLast()))).containsExactly("f", "h");
        assertThat(get(sites.read(query.after(first.getLast()))).more()).isFalse();
    }

    @Test
    void eachKindOfEditHasItsOwnAudience() throws Exception {
        offer(
                siteTable()
                        .editableBy(Audience.DEVICES, TableEdit.Kind.UPDATE)
                        .editableBy(Audience.SERVICES, TableEdit.Kind.CREATE)
                        .build());
        Site made = create(site("N1", "North"));
        TableClient<Site> device = as(DEVICE).of(Site.class);
        assertThat(get(device.read(TableQuery.of(1))).allowed())
                .isEqualTo(Set.of(TableEdit.Kind.UPDATE));
        assertThat(
                        get(as(new Caller.Service(ServiceKind.CLIENT, "c"))
                                        .of(Site.class)
                                        .read(TableQuery.of(1)))
                                .allowed())
                .isEqualTo(Set.of(TableEdit.Kind.UPDATE, TableEdit.Kind.CREATE));
        Site changed = saved(get(device.edit(new TableEdit.Update<>(made, made.with("x")))));
        assertThat(refused(device.edit(new TableEdit.Create<>(site("N2", "y")))).code())
                .isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(refused(device.edit(new TableEdit.Delete<>(changed))).code())
                .isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(all()).containsExactly(changed);
    }

    @Test
    void whatIsNotOfferedIsRefused() {
        offer(
                EditableTable.of(Site.class, SITE)
                        .generatedKey(ID)
                        .field("code", CODE)
                        .field("name", NAME)
                        .field("loadKw", LOAD_KW)
                        .readOnly("seen", SEEN)
                        .field("area", AREA)
                        .field("state", STATE)
                        .readableBy(Audience.ADMINISTRATORS)
                        .build());
        assertThat(refused(sites.edit(new TableEdit.Create<>(site("N1", "x")))).code())
                .isEqualTo(ErrorCode.NOT_OFFERED);
        assertThat(refused(as(DEVICE).of(Site.class).read(TableQuery.of(1))).code())
                .isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(refused(as(ADMIN).of(Note.class).read(TableQuery.of(1))).code())
                .isEqualTo(ErrorCode.NOT_OFFERED);
    }

    @Test
    void aTableThatIsNotDescribedWhollyIsRefused() {
        assertThatThrownBy(() -> EditableTable.of(Site.class, SITE).generatedKey(ID).build())
                .hasMessageEndingWith("has no column for 'code'; name one");
        assertThatThrownBy(() -> EditableTable.of(Site.class, SITE).field("cod", CODE))
                .hasMessageEndingWith("has no component 'cod'");
        assertThatThrownBy(() -> EditableTable.of(Site.class, SITE).field("id", ID).field("id", ID))
                .hasMessageEndingWith("names 'id' twice");
    }

    @Test
    void aTableThatIsWithdrawnIsNotOfferedAnyLonger() throws Exception {
        var offered = new PluginTables(actions, open.database, party).offer(siteTable().build());
        create(site("N1", "North"));
        assertThatThrownBy(() -> offer(siteTable().build())).isInstanceOf(PeekException.class);
        offered.close();
        assertThat(refused(sites.read(TableQuery.of(1))).code()).isEqualTo(ErrorCode.NOT_OFFERED);
        assertThat(refused(sites.edit(new TableEdit.Create<>(site("N2", "x")))).code())
                .isEqualTo(ErrorCode.NOT_OFFERED);
    }
}
