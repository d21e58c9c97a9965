package org.peekplatform.launcher;

/// The settings in force; what each means stands in [ConfigKey].
public record PeekConfig(Server server, Client client, Logging logging) {
    public record Server(Admin admin, DataExchange dataExchange) {}

    public record Admin(int port, boolean network) {}

    public record DataExchange(int port) {}

    public record Client(int port, boolean network, ServerLink server, int deviceBufferMb) {}

    /// @param url empty for the server of this process or home
    public record ServerLink(String url) {}

    public record Logging(String level, Rotation rotation) {}

    public record Rotation(int maxFileSizeMb, int keep) {}
}
