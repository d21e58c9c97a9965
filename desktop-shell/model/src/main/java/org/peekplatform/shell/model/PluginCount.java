package org.peekplatform.shell.model;

/// How many of the installed plugins run.
public record PluginCount(int running, int installed) {
    public PluginCount {
        if (running < 0 || running > installed) {
            throw new IllegalArgumentException(
                    running + " of " + installed + " plugins cannot be running");
        }
    }
}
