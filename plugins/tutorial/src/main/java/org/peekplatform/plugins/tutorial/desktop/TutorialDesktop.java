package org.peekplatform.plugins.tutorial.desktop;

import org.peekplatform.api.PeekPlugin;
import org.peekplatform.api.PluginContext;
import org.peekplatform.api.desktop.DesktopUi;

/// Runs in the workstation: adds the view of the rows for users.
public final class TutorialDesktop implements PeekPlugin {
    @Override
    public void start(PluginContext context) {
        DesktopUi ui = context.capability(DesktopUi.class);
        ui.addView(
                "rows",
                context.plugin().title(),
                () ->
                        new RowsView(
                                new RowsModel(context.observer(), context.sender(), ui.uiThread()),
                                new ReadingsModel(
                                        context.observer(), context.sender(), ui.uiThread()),
                                new NegationModel(context.observer(), ui.uiThread())));
    }
}
