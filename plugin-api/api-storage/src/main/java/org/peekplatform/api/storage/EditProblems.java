package org.peekplatform.api.storage;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.table.TableAnswer;
import org.peekplatform.api.tuple.Tuple;

/// Collects what is wrong with an edit. One problem is enough to refuse it. Confined to the thread
/// of the edit.
public final class EditProblems {
    private final Set<String> known;
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final List<String> general = new ArrayList<>();

    EditProblems(Set<String> known) {
        this.known = known;
    }

    /// Says what is wrong with one field. The first sentence about a field stays.
    ///
    /// @param field name of a component of the row
    /// @param sentence whole, for people: what is wrong and what to do
    /// @throws PeekException with `INTERNAL` when the row has no such field
    public void field(String field, String sentence) {
        if (!known.contains(field)) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "a check names the field '" + field + "', but there are only " + known);
        }
        fields.putIfAbsent(field, requireNonNull(sentence, "sentence"));
    }

    /// Says what is wrong with the row as a whole.
    public void general(String sentence) {
        general.add(requireNonNull(sentence, "sentence"));
    }

    public boolean isEmpty() {
        return fields.isEmpty() && general.isEmpty();
    }

    <T extends Tuple> TableAnswer.Invalid<T> answer() {
        return new TableAnswer.Invalid<>(fields, general);
    }
}
