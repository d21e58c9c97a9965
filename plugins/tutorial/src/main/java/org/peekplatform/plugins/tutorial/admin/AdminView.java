package org.peekplatform.plugins.tutorial.admin;

import javafx.scene.Node;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import org.peekplatform.api.desktop.DesktopView;
import org.peekplatform.plugins.tutorial.desktop.RowsModel;

/// The administrators' view: rows, settings and import, each on a tab.
public final class AdminView implements DesktopView {
    private final RowsModel rows;
    private final ImportModel imports;
    private final TabPane node = new TabPane();

    public AdminView(RowsModel rows, SettingsForm settings, ImportModel imports) {
        this.rows = rows;
        this.imports = imports;
        node.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
        node.getTabs()
                .setAll(
                        new Tab("Rows", new RowsPane(rows, new RowEditor(rows))),
                        new Tab("Settings", new SettingsPane(settings)),
                        new Tab("Import", new ImportPane(imports, rows)));
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public void close() {
        imports.close();
        rows.close();
    }
}
