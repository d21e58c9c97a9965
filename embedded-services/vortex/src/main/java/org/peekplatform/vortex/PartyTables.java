package org.peekplatform.vortex;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.table.TableAnswer;
import org.peekplatform.api.table.TableClient;
import org.peekplatform.api.table.TableClients;
import org.peekplatform.api.table.TableEdit;
import org.peekplatform.api.table.TablePage;
import org.peekplatform.api.table.TableQuery;
import org.peekplatform.api.tuple.Tuple;

/// Reaches a plugin's tables through a gate.
public final class PartyTables implements TableClients {
    private final ActionGate gate;
    private final Party party;
    private final Caller caller;

    /// @param caller whom a gate in this process shall take the sender for; a gate upstream asks
    ///   the link instead
    public PartyTables(ActionGate gate, Party party, Caller caller) {
        this.gate = gate;
        this.party = party;
        this.caller = caller;
    }

    @Override
    public <T extends Tuple> TableClient<T> of(Class<T> type) {
        String table = party.codec().nameOf(requireNonNull(type, "type"));
        if (!party.codec().isKeyed(type)) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    type.getName() + " has no component with @TupleKey; mark the key");
        }
        return new TableClient<>() {
            @Override
            public CompletableFuture<TablePage<T>> read(TableQuery<T> query) {
                return ask(TableFrames.readAction(table), requireNonNull(query, "query"))
                        .thenApply(values -> TableFrames.page(party.codec(), values, type));
            }

            @Override
            public CompletableFuture<TableAnswer<T>> edit(TableEdit<T> edit) {
                return ask(TableFrames.editAction(table, edit.kind()), TableFrames.Edit.of(edit))
                        .thenApply(values -> TableFrames.answer(party.codec(), values, type));
            }
        };
    }

    private CompletableFuture<byte[]> ask(String action, Object payload) {
        return gate.act(action, party.codec().encodeOf(payload, action), caller)
                .thenApply(PartySender::valuesOf);
    }
}
