package org.peekplatform.plugins.tutorial.server;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.peekplatform.api.Audience;
import org.peekplatform.api.PeekPlugin;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.action.ActionEndpoints;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.storage.TableEndpoints;
import org.peekplatform.api.tuple.TupleEndpoints;
import org.peekplatform.plugins.tutorial.tuples.AddToInt;
import org.peekplatform.plugins.tutorial.tuples.AppendImport;
import org.peekplatform.plugins.tutorial.tuples.CancelImport;
import org.peekplatform.plugins.tutorial.tuples.ImportProgress;
import org.peekplatform.plugins.tutorial.tuples.RunImport;
import org.peekplatform.plugins.tutorial.tuples.SaveSettings;
import org.peekplatform.plugins.tutorial.tuples.Settings;
import org.peekplatform.plugins.tutorial.tuples.StartImport;
import org.peekplatform.plugins.tutorial.tuples.StringInt;
import org.peekplatform.plugins.tutorial.tuples.ToggleCapitals;

/// Runs on the server: offers the rows, live and to edit, the settings, the imports and what agents
/// report, submits tasks for workers, and carries out the actions. Start reading here. There is no
/// `stop`: the host withdraws what is registered.
public final class TutorialServer implements PeekPlugin {
    @Override
    public void start(PluginContext context) throws IOException {
        PluginStorage storage = context.capability(PluginStorage.class);
        RowActions rows = new RowActions(storage);
        SettingsActions settings = new SettingsActions(storage);
        Imports imports = new Imports(context, InstantSource.system());
        imports.open();
        new AgentReadings(context, storage, InstantSource.system()).open();
        new Negations(context, InstantSource.system()).open();

        TupleEndpoints tuples = context.tuples();
        tuples.provide(StringInt.class, Audience.DEVICES, new RowProvider(storage));
        tuples.provide(Settings.class, Audience.DEVICES, selector -> List.of(settings.current()));
        tuples.provide(ImportProgress.class, Audience.ADMINISTRATORS, imports::progress);

        context.capability(TableEndpoints.class).offer(rows.table());

        ActionEndpoints actions = context.actions();
        actions.handle(ToggleCapitals.class, Audience.DEVICES, rows::toggleCapitals);
        actions.handle(AddToInt.class, Audience.DEVICES, rows::addToInt);
        actions.handle(SaveSettings.class, Audience.ADMINISTRATORS, settings::save);
        actions.handle(StartImport.class, Audience.ADMINISTRATORS, imports::start);
        actions.handle(AppendImport.class, Audience.ADMINISTRATORS, imports::append);
        actions.handle(RunImport.class, Audience.ADMINISTRATORS, imports::run);
        actions.handle(CancelImport.class, Audience.ADMINISTRATORS, imports::cancel);
    }
}
