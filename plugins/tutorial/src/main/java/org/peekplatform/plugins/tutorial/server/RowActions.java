package org.peekplatform.plugins.tutorial.server;

import static org.peekplatform.plugins.tutorial.db.tables.StringInt.STRING_INT;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jooq.Records;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Audience;
import org.peekplatform.api.action.ActionContext;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionOutcome.Applied;
import org.peekplatform.api.storage.EditProblems;
import org.peekplatform.api.storage.EditableTable;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.tuples.AddToInt;
import org.peekplatform.plugins.tutorial.tuples.StringInt;
import org.peekplatform.plugins.tutorial.tuples.ToggleCapitals;

/// The rows and what may be done to one of them. The handlers run in the host's transaction.
final class RowActions {
    static final TupleSelector<StringInt> ROWS = TupleSelector.of(StringInt.class);

    private final PluginStorage storage;

    RowActions(PluginStorage storage) {
        this.storage = storage;
    }

    /// The rows for administrators, to edit.
    EditableTable<StringInt> table() {
        return EditableTable.of(StringInt.class, STRING_INT)
                .generatedKey(STRING_INT.ID)
                .field("string1", STRING_INT.STRING1)
                .field("int1", STRING_INT.INT1)
                .readableBy(Audience.ADMINISTRATORS)
                .editableBy(Audience.ADMINISTRATORS)
                .normalise(row -> new StringInt(row.id(), row.string1().strip(), row.int1()))
                .check(RowActions::check)
                .changes(ROWS)
                .build();
    }

    ActionOutcome toggleCapitals(ToggleCapitals action, ActionContext context) {
        StringInt row = lock(action.id());
        if (row == null) {
            return Refusals.rowGone(action.id());
        }
        OptionalInt letter = row.string1().codePoints().filter(RowActions::hasCase).findFirst();
        if (letter.isEmpty()) {
            return Refusals.noLetters(row.string1());
        }
        String toggled =
                Character.isLowerCase(letter.getAsInt())
                        ? row.string1().toUpperCase(Locale.ROOT)
                        : row.string1().toLowerCase(Locale.ROOT);
        // Some letters become two as capitals.
        if (toggled.length() > StringInt.LONGEST_TEXT) {
            return Refusals.textTooLong(toggled.length());
        }
        return update(new StringInt(row.id(), toggled, row.int1()), context);
    }

    ActionOutcome addToInt(AddToInt action, ActionContext context) {
        StringInt row = lock(action.id());
        if (row == null) {
            return Refusals.rowGone(action.id());
        }
        if (!isInRange(action.amount()) || !isInRange(row.int1() + action.amount())) {
            return Refusals.numberOutOfRange();
        }
        return update(
                new StringInt(row.id(), row.string1(), row.int1() + action.amount()), context);
    }

    /// The row as it is now, kept from others until the transaction ends: two devices that add to
    /// the same number both count.
    private @Nullable StringInt lock(long id) {
        return storage.dsl()
                .select(STRING_INT.ID, STRING_INT.STRING1, STRING_INT.INT1)
                .from(STRING_INT)
                .where(STRING_INT.ID.eq(id))
                .forUpdate()
                .fetchOne(Records.mapping(StringInt::new));
    }

    private ActionOutcome update(StringInt row, ActionContext context) {
        storage.dsl()
                .update(STRING_INT)
                .set(STRING_INT.STRING1, row.string1())
                .set(STRING_INT.INT1, row.int1())
                .where(STRING_INT.ID.eq(row.id()))
                .execute();
        context.changed(ROWS, List.of(row.id()));
        return new Applied(row);
    }

    private static void check(StringInt row, EditProblems problems) {
        if (row.string1().isEmpty()) {
            problems.field("string1", "The text of a row must not be empty; enter one.");
        }
        if (!isInRange(row.int1())) {
            problems.field("int1", Refusals.numberOutOfRange().message());
        }
    }

    private static boolean isInRange(long number) {
        return number >= -StringInt.LARGEST_NUMBER && number <= StringInt.LARGEST_NUMBER;
    }

    private static boolean hasCase(int letter) {
        return Character.isLowerCase(letter)
                || Character.isUpperCase(letter)
                || Character.isTitleCase(letter);
    }
}
