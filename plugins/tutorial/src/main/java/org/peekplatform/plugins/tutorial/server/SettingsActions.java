package org.peekplatform.plugins.tutorial.server;

import static org.peekplatform.plugins.tutorial.db.tables.Setting.SETTING;

import java.util.Map;
import org.peekplatform.api.action.ActionContext;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionOutcome.Applied;
import org.peekplatform.api.storage.PluginStorage;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.plugins.tutorial.tuples.SaveSettings;
import org.peekplatform.plugins.tutorial.tuples.Settings;

/// The settings, kept by name so that a later version can add one without a migration.
final class SettingsActions {
    static final TupleSelector<Settings> SETTINGS = TupleSelector.of(Settings.class);

    private static final String TITLE = "title";
    private static final String STEP = "step";

    private final PluginStorage storage;

    SettingsActions(PluginStorage storage) {
        this.storage = storage;
    }

    Settings current() {
        Map<String, String> stored =
                storage.dsl().selectFrom(SETTING).fetchMap(SETTING.NAME, SETTING.CONTENT);
        String title = stored.get(TITLE);
        String step = stored.get(STEP);
        return new Settings(
                title == null ? Settings.DEFAULT.title() : title,
                step == null ? Settings.DEFAULT.step() : Integer.parseInt(step));
    }

    ActionOutcome save(SaveSettings action, ActionContext context) {
        String title = action.title().strip();
        if (title.isEmpty()) {
            return Refusals.titleEmpty();
        }
        if (title.length() > Settings.LONGEST_TITLE) {
            return Refusals.titleTooLong(title.length());
        }
        if (title.indexOf(0) >= 0) {
            return Refusals.textUnstorable();
        }
        if (action.step() < 1 || action.step() > Settings.LARGEST_STEP) {
            return Refusals.stepOutOfRange(action.step());
        }
        put(TITLE, title);
        put(STEP, Integer.toString(action.step()));
        context.changed(SETTINGS);
        return new Applied();
    }

    private void put(String name, String content) {
        storage.dsl()
                .insertInto(SETTING, SETTING.NAME, SETTING.CONTENT)
                .values(name, content)
                .onConflict(SETTING.NAME)
                .doUpdate()
                .set(SETTING.CONTENT, content)
                .execute();
    }
}
