package org.peekplatform.plugins.probe.worker;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import org.peekplatform.api.PeekPlugin;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.task.TaskEndpoints;
import org.peekplatform.plugins.probe.tuples.Work;

/// Runs on workers. What it did is in the database.
public final class ProbeWorker implements PeekPlugin {
    @Override
    public void start(PluginContext context) {
        PluginStorage storage = context.capability(PluginStorage.class);
        context.capability(TaskEndpoints.class)
                .handle(
                        Work.class,
                        (task, about) -> {
                            add(storage, task);
                            // The effect is there and not committed: the best moment to be killed.
                            Thread.sleep(task.millis());
                            return null;
                        });
    }

    private static void add(PluginStorage storage, Work task) {
        storage.dsl()
                .insertInto(
                        table(name("entry")),
                        field(name("device"), String.class),
                        field(name("number"), Long.class))
                .values(task.device(), task.number())
                .execute();
    }
}
