package org.peekplatform.shell.ui;

import org.jspecify.annotations.Nullable;
import org.peekplatform.shell.model.IconSource;

/// How a plugin's manifest wants its part to be reached.
///
/// @param shown whether the first view of the `desktop` part gets a tile on the home page
/// @param text of the tile; `null` means the plugin's title
/// @param icon `null` means the plugin's initial
public record HomeLink(boolean shown, @Nullable String text, @Nullable IconSource icon) {}
