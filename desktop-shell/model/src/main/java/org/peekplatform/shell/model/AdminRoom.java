package org.peekplatform.shell.model;

import org.jspecify.annotations.Nullable;

/// One view among the rooms of the administration.
///
/// @param pluginTitle whose room it is, for people
public record AdminRoom(ViewLink view, String pluginTitle, @Nullable IconSource icon) {}
