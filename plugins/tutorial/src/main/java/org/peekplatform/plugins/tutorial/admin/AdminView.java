package org.peekplatform.plugins.tutorial.admin;

import javafx.scene.Node;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import org.peekplatform.api.desktop.DesktopView;
import org.peekplatform.api.desktop.TableEditor;
import org.peekplatform.api.desktop.TableEditorModel;
import org.peekplatform.plugins.tutorial.desktop.RowsModel;
import org.peekplatform.plugins.tutorial.tuples.StringInt;

/// The administrators' view: rows, settings and import, each on a tab.
public final class AdminView implements DesktopView {
    private final RowsModel rows;
    private final ImportModel imports;
    private final TabPane node = new TabPane();

    public AdminView(
            RowsModel rows,
            TableEditorModel<StringInt> editor,
            SettingsForm settings,
            ImportModel imports) {
        this.rows = rows;
        this.imports = imports;
        // What others do to the rows shows in the editor, too.
        rows.onUpdate(update -> editor.reload());
        node.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
        node.getTabs()
                .setAll(
                        new Tab("Rows", new TableEditor<>(editor)),
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
