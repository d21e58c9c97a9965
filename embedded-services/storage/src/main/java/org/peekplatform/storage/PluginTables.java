package org.peekplatform.storage;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.Registration;
import org.peekplatform.api.action.ActionContext;
import org.peekplatform.api.storage.EditHost;
import org.peekplatform.api.storage.EditableTable;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.storage.TableEndpoints;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.vortex.ActionHub;
import org.peekplatform.vortex.CallGuard;
import org.peekplatform.vortex.Party;
import org.peekplatform.vortex.PartyTableActions;
import org.peekplatform.vortex.Transactions;

/// The tables of one plugin, offered as actions on its own schema.
public final class PluginTables implements TableEndpoints {
    private final PartyTableActions actions;
    private final PluginStorage storage;
    private final Transactions transactions;
    private final CallGuard guard;

    public PluginTables(ActionHub hub, Database database, Party party) {
        actions = new PartyTableActions(hub, party);
        storage = database.pluginStorage(party.name());
        transactions = database.transactions();
        guard = party.guard();
    }

    @Override
    public <T extends Tuple> Registration offer(EditableTable<T> table) {
        List<Registration> all = new ArrayList<>();
        all.add(
                actions.read(
                        requireNonNull(table, "table").type(),
                        table.readers(),
                        query -> table.read(storage.dsl(), query)));
        table.editors()
                .forEach((kind, audience) ->
                        all.add(
                                actions.edit(
                                        table.type(),
                                        kind,
                                        audience,
                                        (edit, context) ->
                                                table.edit(storage.dsl(), edit, host(context)))));
        return () -> all.reversed().forEach(Registration::close);
    }

    private EditHost host(ActionContext context) {
        return new EditHost() {
            @Override
            public Caller caller() {
                return context.caller();
            }

            @Override
            public void changed(TupleSelector<?> selector) {
                context.changed(selector);
            }

            @Override
            public void afterCommit(Runnable then) {
                // Outside of the handler's call, which has ended by then.
                transactions.afterCommit(() -> guarded(then));
            }
        };
    }

    private void guarded(Runnable then) {
        Callable<Boolean> call =
                () -> {
                    then.run();
                    return true;
                };
        try {
            guard.call("afterCommit of a table", call);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
