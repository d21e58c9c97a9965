package org.peekplatform.shell.app;

import org.peekplatform.launcher.Cli;
import org.peekplatform.launcher.HomeOperations;

/// Starts Peek: the workstation where there is a display, else without a window.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(new Cli(new HomeOperations(WorkstationApplication::run)).execute(args));
    }
}
