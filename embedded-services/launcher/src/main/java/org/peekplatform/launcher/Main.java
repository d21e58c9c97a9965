package org.peekplatform.launcher;

/// Starts Peek without a window: for servers, where there is no JavaFX.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(new Cli(new HomeOperations(null)).execute(args));
    }
}
