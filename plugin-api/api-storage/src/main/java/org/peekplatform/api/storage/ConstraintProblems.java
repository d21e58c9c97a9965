package org.peekplatform.api.storage;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jooq.exception.DataAccessException;
import org.peekplatform.api.table.TableEdit;

/// Turns what a database refuses into sentences for people, at the field concerned where the
/// database names its column. Knows the messages of H2 and PostgreSQL; another's become sentences
/// about the row.
final class ConstraintProblems {
    /// `column "code"`, with the type behind it in H2's words.
    private static final Pattern COLUMN = Pattern.compile("column \"([^\"\\s]+)");

    /// `FOREIGN KEY(site)` of H2.
    private static final Pattern FOREIGN_KEY = Pattern.compile("FOREIGN KEY\\s*\\(([^()]*)\\)");

    /// `ON plugin.entry(code NULLS FIRST)` of H2, `Key (code)=` of PostgreSQL.
    private static final Pattern KEY =
            Pattern.compile("(?: ON [^()]*|Key )\\(([^()]*)\\)(?:=| VALUES|\"|$)");

    private ConstraintProblems() {}

    /// Says nothing when the failure is another one.
    static void tell(
            DataAccessException failure,
            TableEdit.Kind kind,
            Collection<TableField> fields,
            EditProblems problems) {
        SQLException cause = failure.getCause(SQLException.class);
        String message = cause == null ? "" : String.valueOf(cause.getMessage());
        String state = String.valueOf(failure.sqlState());
        switch (state) {
            case "23505" ->
                    at(
                            columns(KEY, message, fields),
                            "Another row has this already; enter something else.",
                            "Another row has the same values already.",
                            problems);
            case "23502" ->
                    at(
                            columns(COLUMN, message, fields),
                            "A value is needed here.",
                            "A value is missing.",
                            problems);
            case "22001" ->
                    at(
                            columns(COLUMN, message, fields),
                            "This is too long; shorten it.",
                            "A value is too long; shorten it.",
                            problems);
            case "23503", "23506" -> {
                if (kind == TableEdit.Kind.DELETE) {
                    problems.general("Other rows refer to this one; change or delete them first.");
                } else {
                    List<String> named = columns(FOREIGN_KEY, message, fields);
                    at(
                            named.isEmpty() ? columns(KEY, message, fields) : named,
                            "There is nothing of this name to refer to; enter another one.",
                            "The row refers to something that does not exist.",
                            problems);
                }
            }
            default -> {
                if (state.startsWith("22") || state.startsWith("23")) {
                    problems.general("The database does not allow these values.");
                }
            }
        }
    }

    private static void at(
            List<String> fields, String sentence, String general, EditProblems problems) {
        if (fields.isEmpty()) {
            problems.general(general);
        }
        for (String field : fields) {
            problems.field(field, sentence);
        }
    }

    private static List<String> columns(
            Pattern place, String message, Collection<TableField> fields) {
        List<String> found = new ArrayList<>();
        Matcher match = place.matcher(message);
        if (match.find()) {
            List<String> words =
                    List.of(match.group(1).toLowerCase(Locale.ROOT).split("[^\\w]+", -1));
            for (TableField field : fields) {
                if (words.contains(field.column().getName().toLowerCase(Locale.ROOT))) {
                    found.add(field.name());
                }
            }
        }
        return found;
    }
}
