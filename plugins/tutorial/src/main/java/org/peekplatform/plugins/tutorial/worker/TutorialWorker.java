package org.peekplatform.plugins.tutorial.worker;

import org.peekplatform.api.PeekPlugin;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.rpc.RpcTarget;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.task.TaskEndpoints;
import org.peekplatform.plugins.tutorial.calls.ImportFiles;
import org.peekplatform.plugins.tutorial.tuples.ImportRows;
import org.peekplatform.plugins.tutorial.tuples.Negate;
import org.peekplatform.plugins.tutorial.tuples.Negated;

/// Runs on workers, which do the tasks that the server part submits.
public final class TutorialWorker implements PeekPlugin {
    @Override
    public void start(PluginContext context) {
        RowImport imports =
                new RowImport(
                        context.capability(PluginStorage.class),
                        context.rpc().client(ImportFiles.class, RpcTarget.any(ServiceKind.SERVER)));

        TaskEndpoints tasks = context.capability(TaskEndpoints.class);
        tasks.handle(Negate.class, (task, about) -> new Negated(-task.number()));
        tasks.handle(ImportRows.class, imports::run);
    }
}
