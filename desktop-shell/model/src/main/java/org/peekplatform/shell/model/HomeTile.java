package org.peekplatform.shell.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One plugin on the home page.
///
/// @param views what the tile leads to, never empty; a click opens the first
public record HomeTile(
        String pluginName,
        String title,
        String version,
        @Nullable IconSource icon,
        List<ViewLink> views) {
    public HomeTile {
        views = List.copyOf(views);
        if (views.isEmpty()) {
            throw new IllegalArgumentException(
                    "the tile of plugin '" + pluginName + "' leads to no view");
        }
    }

    public ViewLink firstView() {
        return views.getFirst();
    }
}
