package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.table.TableAnswer;
import org.peekplatform.api.table.TableEdit;
import org.peekplatform.api.table.TablePage;
import org.peekplatform.api.table.TableQuery;
import org.peekplatform.api.table.TableQuery.Direction;
import org.peekplatform.api.table.TableQuery.Operator;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The payloads of tables, against the fixtures that the TypeScript side reads too.
class TableFixturesTest {
    private static final Path FIXTURES = Path.of("src/test/resources/wire");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Row SAND = new Row(7, "Sand Point", 12);

    private final TupleCodec codec = new TupleCodec(getClass().getClassLoader());

    @TupleType(name = "tutorial.StringInt")
    record Row(@TupleKey long id, String string1, long int1) implements Tuple {}

    private static Map<String, JsonNode> fixtures(String file, String member) throws IOException {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        for (JsonNode one : JSON.readTree(Files.readAllBytes(FIXTURES.resolve(file)))) {
            all.put(one.get("name").asString(), one.get(member));
        }
        assertThat(all).isNotEmpty();
        return all;
    }

    private static byte[] bytes(JsonNode json) {
        return JSON.writeValueAsBytes(json);
    }

    @Test
    void queriesAreReadAndWrittenAsTheFixtureSays() throws IOException {
        List<TableQuery<Row>> read = new ArrayList<>();
        for (JsonNode fixture : fixtures("table-queries.json", "query").values()) {
            TableQuery<Row> query = TableFrames.query(codec, bytes(fixture), Row.class);
            assertThat(JSON.readTree(codec.encodeOf(query, "query"))).isEqualTo(fixture);
            read.add(query);
        }
        assertThat(read)
                .containsExactly(
                        TableQuery.of(100),
                        TableQuery.<Row>of(1_000)
                                .where("string1", Operator.CONTAINS, "bay")
                                .where("int1", Operator.BETWEEN, "-3", "12")
                                .where("int1", Operator.IS_NULL)
                                .sortedBy("int1", Direction.DESCENDING)
                                .sortedBy("id", Direction.ASCENDING)
                                .from(200)
                                .counted(),
                        TableQuery.<Row>of(1).sortedBy("string1", Direction.ASCENDING).after(SAND));
    }

    @Test
    void pagesAreReadAndWrittenAsTheFixtureSays() throws IOException {
        for (JsonNode fixture : fixtures("table-pages.json", "page").values()) {
            TablePage<Row> page =
                    TableFrames.page(
                            codec,
                            ("[" + fixture + "]").getBytes(StandardCharsets.UTF_8),
                            Row.class);
            assertThat(JSON.readTree(codec.encode(TableFrames.Page.of(page, page.allowed()))))
                    .isEqualTo(fixture);
            // Their class was named by the reader, not by the JSON.
            page.rows().forEach(row -> assertThat(row.string1()).isNotEmpty());
        }
    }

    @Test
    void editsAreReadAndWrittenAsTheFixtureSays() throws IOException {
        Map<String, JsonNode> edits = fixtures("table-edits.json", "edit");
        Map<String, JsonNode> actions = fixtures("table-edits.json", "action");
        List<TableEdit<Row>> expected =
                List.of(
                        new TableEdit.Create<>(new Row(0, "Sand Point", 12)),
                        new TableEdit.Update<>(SAND, new Row(7, "Sand Point", 13)),
                        new TableEdit.Delete<>(SAND));
        int i = 0;
        for (Map.Entry<String, JsonNode> fixture : edits.entrySet()) {
            TableEdit<Row> edit = expected.get(i++);
            assertThat(TableFrames.editAction("tutorial.StringInt", edit.kind()))
                    .isEqualTo(String.valueOf(actions.get(fixture.getKey())).replace("\"", ""));
            assertThat(TableFrames.edit(codec, bytes(fixture.getValue()), Row.class, edit.kind()))
                    .isEqualTo(edit);
            assertThat(JSON.readTree(codec.encodeOf(TableFrames.Edit.of(edit), "edit")))
                    .isEqualTo(fixture.getValue());
        }
        assertThat(i).isEqualTo(expected.size());
    }

    @Test
    void answersAreReadAndWrittenAsTheFixtureSays() throws IOException {
        List<TableAnswer<Row>> read = new ArrayList<>();
        for (JsonNode fixture : fixtures("table-answers.json", "answer").values()) {
            TableAnswer<Row> answer =
                    TableFrames.answer(
                            codec,
                            ("[" + fixture + "]").getBytes(StandardCharsets.UTF_8),
                            Row.class);
            assertThat(JSON.readTree(codec.encode(TableFrames.Answer.of(answer))))
                    .isEqualTo(fixture);
            read.add(answer);
        }
        assertThat(read)
                .containsExactly(
                        new TableAnswer.Saved<>(SAND),
                        new TableAnswer.Invalid<>(
                                Map.of("string1", "Enter a text.", "int1", "This is too large."),
                                List.of("The two do not fit together.")),
                        new TableAnswer.Changed<>(new Row(7, "Sand Point", 13), List.of("int1")),
                        new TableAnswer.Gone<>());
    }

    @Test
    void whatIsNoQueryAndNoEditIsRefusedWithASentence() {
        assertThatThrownBy(() ->
                        TableFrames.query(
                                codec,
                                "{\"filters\":[],\"sort\":[{\"field\":\"id\",\"direction\":\"UP\"}],\"limit\":1}"
                                        .getBytes(StandardCharsets.UTF_8),
                                Row.class))
                .isInstanceOfSatisfying(
                        PeekException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
                .hasMessage(
                        "the query of tutorial.StringInt cannot be read at sort[0].direction: the value does not fit its type");
        assertThatThrownBy(() ->
                        TableFrames.edit(
                                codec,
                                "{\"after\":{\"id\":1}}".getBytes(StandardCharsets.UTF_8),
                                Row.class,
                                TableEdit.Kind.UPDATE))
                .hasMessage("tutorial.StringInt.update has no row in 'before'; send one");
    }
}
