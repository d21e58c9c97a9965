package org.peekplatform.vortex;

import java.util.Set;
import java.util.stream.Collectors;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.Registration;
import org.peekplatform.api.action.ActionContext;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.table.TableAnswer;
import org.peekplatform.api.table.TableEdit;
import org.peekplatform.api.table.TablePage;
import org.peekplatform.api.table.TableQuery;
import org.peekplatform.api.tuple.Tuple;

/// The tables of a service, as one plugin sees them: an action for reading and one for each kind of
/// edit, so that rights, transactions, limits and the way over services are those of actions.
public final class PartyTableActions {
    private final ActionHub hub;
    private final Party party;

    public PartyTableActions(ActionHub hub, Party party) {
        this.hub = hub;
        this.party = party;
    }

    /// Answers queries.
    @FunctionalInterface
    public interface Reader<T extends Tuple> {
        TablePage<T> read(TableQuery<T> query) throws Exception;
    }

    /// Makes edits. What it answers commits what it has done; to refuse it has to undo that itself.
    @FunctionalInterface
    public interface Editor<T extends Tuple> {
        TableAnswer<T> edit(TableEdit<T> edit, ActionContext context) throws Exception;
    }

    /// @param reader whose pages tell what everybody may do; who asks is told what they may
    public <T extends Tuple> Registration read(Class<T> type, Audience audience, Reader<T> reader) {
        TupleCodec codec = party.codec();
        String table = codec.nameOf(type);
        return party.owner()
                .register(
                        hub.handle(
                                party,
                                TableFrames.readAction(table),
                                payload -> TableFrames.query(codec, payload, type),
                                audience,
                                (query, context) -> {
                                    TablePage<T> page = reader.read(query);
                                    return new ActionOutcome.Applied(
                                            TableFrames.Page.of(
                                                    page, allowed(table, page, context.caller())));
                                }));
    }

    public <T extends Tuple> Registration edit(
            Class<T> type, TableEdit.Kind kind, Audience audience, Editor<T> editor) {
        TupleCodec codec = party.codec();
        String action = TableFrames.editAction(codec.nameOf(type), kind);
        return party.owner()
                .register(
                        hub.<TableEdit<T>>handle(
                                party,
                                action,
                                payload -> TableFrames.edit(codec, payload, type, kind),
                                audience,
                                (edit, context) ->
                                        new ActionOutcome.Applied(
                                                TableFrames.Answer.of(
                                                        editor.edit(edit, context)))));
    }

    private Set<TableEdit.Kind> allowed(String table, TablePage<?> page, Caller caller) {
        return page.allowed().stream()
                .filter(kind -> hub.permits(TableFrames.editAction(table, kind), caller))
                .collect(Collectors.toUnmodifiableSet());
    }
}
