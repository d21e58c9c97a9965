package org.peekplatform.plugins.tutorial.admin;

import java.util.List;
import java.util.concurrent.Executor;
import org.peekplatform.api.PeekPlugin;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.desktop.DesktopUi;
import org.peekplatform.api.desktop.EditorField;
import org.peekplatform.api.desktop.TableEditorModel;
import org.peekplatform.plugins.tutorial.desktop.Actions;
import org.peekplatform.plugins.tutorial.desktop.RowsModel;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

/// Runs in the workstation: adds the view for administrators.
public final class TutorialAdmin implements PeekPlugin {
    @Override
    public void start(PluginContext context) {
        DesktopUi ui = context.capability(DesktopUi.class);
        ui.addView("admin", context.plugin().title(), () -> view(context, ui.uiThread()));
    }

    private static AdminView view(PluginContext context, Executor ui) {
        RowsModel rows = new RowsModel(context.observer(), context.sender(), ui);
        SettingsForm settings =
                new SettingsForm(new Actions(context.sender(), ui), rows.settingsProperty());
        ImportModel imports =
                new ImportModel(context.observer(), context.sender(), context.tasks(), ui);
        return new AdminView(rows, editor(context, ui), settings, imports);
    }

    /// The columns and inputs of the rows; everything else of the editor is the platform's.
    static TableEditorModel<StringInt> editor(PluginContext context, Executor ui) {
        return new TableEditorModel<>(
                StringInt.class,
                context.tables().of(StringInt.class),
                List.of(EditorField.of("string1", "Text"), EditorField.of("int1", "Number")),
                ui);
    }
}
