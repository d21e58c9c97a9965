package org.peekplatform.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.testservers.PostgresServer;

/// A whole system on a PostgreSQL that comes and goes.
class PostgresSystemTest {
    private final TestSystems systems = new TestSystems();

    @TempDir Path folder;

    @AfterEach
    void stop() {
        systems.close();
    }

    @Test
    void aSystemStaysUpWithoutItsDatabaseAndGoesOnWhenThatReturns() throws Exception {
        TestPlugin.events();
        try (var server = PostgresServer.create()) {
            server.start();
            PostgresServer.Database database = server.newDatabase();
            String[] settings = {
                "server.storage.url=" + database.url(),
                "server.storage.user=" + database.user(),
                "server.storage.password=" + database.password()
            };
            Home home = new Home(folder.resolve("home"));
            try (PeekSystem first = systems.start(home, PeekSystem.ALL, settings)) {
                TestSystems.install(first, new TestPlugin("pump", "1.0.0").in(folder));
            }
            assertThat(home.data().resolve("peek.mv.db")).doesNotExist();

            server.stop();
            PeekSystem system = systems.start(home, PeekSystem.ALL, settings);
            isDegraded(systems.health(system, "admin"));
            assertThat(systems.health(system, "admin").plugins()).isEmpty();

            server.start();
            systems.until(system, "admin", answer -> answer.state().equals("running"));
            assertThat(systems.health(system, "admin").plugins())
                    .containsExactly("pump 1.0.0 running");
            assertThat(systems.health(system, "admin").status()).isEqualTo(200);

            server.kill();
            isDegraded(systems.until(system, "admin", answer -> answer.state().equals("degraded")));
            assertThat(systems.health(system, "admin").plugins())
                    .containsExactly("pump 1.0.0 running");
            server.start();
            systems.until(system, "admin", answer -> answer.state().equals("running"));
            TestSystems.install(system, new TestPlugin("valve", "1.0.0").in(folder));
            assertThat(systems.health(system, "admin").plugins())
                    .containsExactly("pump 1.0.0 running", "valve 1.0.0 running");
        }
    }

    // Its connections must not look like those of another server.
    @Test
    void aWorkerOfItsOwnUsesTheDatabaseAndKeepsNoServerOut() throws Exception {
        TestPlugin.events();
        try (var server = PostgresServer.create()) {
            server.start();
            PostgresServer.Database database = server.newDatabase();
            String[] settings = {
                "server.storage.url=" + database.url(),
                "server.storage.user=" + database.user(),
                "server.storage.password=" + database.password()
            };
            Home home = new Home(folder.resolve("home"));
            PeekSystem first = systems.start(home, TestSystems.SERVER, settings);
            systems.start(home, Set.of(ServiceKind.WORKER), settings);
            TestSystems.install(
                    first, new TestPlugin("pump", "1.0.0").on("server", "worker").in(folder));
            String worker = "http://127.0.0.1:" + TestSystems.port(home, "worker");
            systems.until(worker, answer -> answer.plugins().equals(List.of("pump 1.0.0 running")));

            first.close();
            PeekSystem again = systems.start(home, TestSystems.SERVER, settings);

            assertThat(systems.health(again, "admin").state()).isEqualTo("running");
            systems.until(worker, answer -> answer.state().equals("running"));
        }
    }

    private static void isDegraded(TestSystems.Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.state()).isEqualTo("degraded");
        assertThat(answer.json().path("problem").asString())
                .startsWith("PostgreSQL at 127.0.0.1:")
                .endsWith(".");
    }
}
