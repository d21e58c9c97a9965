package org.peekplatform.launcher;

/// The settings in force; what each means stands in [ConfigKey].
public record PeekConfig(
        Server server, Client client, Agent agent, Worker worker, Tls tls, Logging logging) {
    public record Server(
            Admin admin,
            DataExchange dataExchange,
            Backups backups,
            Storage storage,
            Queue queue) {}

    public record Admin(int port, boolean network) {}

    public record DataExchange(int port, boolean network) {}

    /// @param everyHours 0 for never
    /// @param withoutReloadable whether without the rows of tables that plugins can load again
    public record Backups(int everyHours, int keep, boolean withoutReloadable) {}

    /// @param url of a PostgreSQL database; empty for H2 in the home
    public record Storage(String url, String user, String password) {
        @Override
        public String toString() {
            return "Storage[" + url + "]";
        }
    }

    /// What brings tasks to workers: nothing but the database where both addresses are empty.
    public record Queue(RabbitMq rabbitmq, Redis redis) {}

    public record RabbitMq(String url, String user, String password) {
        @Override
        public String toString() {
            return "RabbitMq[" + url + "]";
        }
    }

    public record Redis(String url, String password) {
        @Override
        public String toString() {
            return "Redis[" + url + "]";
        }
    }

    public record Client(
            String name, int port, boolean network, ServerLink server, int deviceBufferMb) {}

    public record Agent(String name, int port, ServerLink server) {}

    /// @param tasks how many it does at once
    public record Worker(String name, int port, ServerLink server, int tasks) {}

    /// @param url empty for the server of this process or home
    public record ServerLink(String url) {}

    /// @param certificate empty for Peek's own
    public record Tls(String certificate, String key) {}

    public record Logging(String level, Rotation rotation) {}

    public record Rotation(int maxFileSizeMb, int keep) {}
}
