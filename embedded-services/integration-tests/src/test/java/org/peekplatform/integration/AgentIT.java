package org.peekplatform.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Server, client service and agent as three processes: the agent's part of the tutorial calls the
/// server, and the server calls the agent for whoever asks in a browser.
class AgentIT {
    private static final Path SCREENSHOTS =
            Path.of(System.getProperty("peek.screenshots", "target/screenshots")).resolve("agent");

    @TempDir Path home;

    @Test
    void serverAndAgentCallEachOtherAndAKilledAgentIsMissedUntilItIsBack() throws Exception {
        try (PeekProcess server = PeekProcess.start(home, "server");
                PeekProcess client = PeekProcess.start(home, "client");
                Browser phone = new Browser("phone", SCREENSHOTS, 390, 844)) {
            PeekProcess.Result installed =
                    PeekProcess.run(home, "plugin", "install", PeekProcess.tutorial().toString());
            assertThat(installed.code()).as(installed.text()).isZero();
            phone.open(client.clientSite());
            phone.click("tile-tutorial");
            phone.awaitText("tutorial-readings", "No agent has reported.");
            assertThat(refusal(phone, "none"))
                    .contains("No agent with this plugin is connected to the server");

            try (PeekProcess agent = PeekProcess.start(home, "agent")) {
                // The agent called the server.
                phone.awaitText("tutorial-readings", "MB free at");
                // The server calls the agent.
                phone.click("add-reading");
                phone.awaitText("tutorial-count", "1 row");
                phone.awaitText("tutorial-table", "Free MB on ");
                phone.screenshot("reading");
                agent.kill();
            }
            assertThat(refusal(phone, "killed"))
                    .containsAnyOf(
                            "No agent with this plugin is connected to the server",
                            "The agent did not answer in time");
            assertThat(phone.text("tutorial-count")).isEqualTo("1 row");

            try (PeekProcess agent = PeekProcess.start(home, "agent")) {
                agent.await(
                        "running the tutorial",
                        health ->
                                health.path("plugins")
                                        .path(0)
                                        .path("state")
                                        .asString("")
                                        .equals("running"));
                phone.click("add-reading");
                phone.awaitText("tutorial-count", "2 rows");
                assertThat(agent.terminate()).isEqualTo(143);
            }
            assertThat(phone.complaints()).isEmpty();
        }
    }

    /// The sentence shown when no reading can be had.
    private static String refusal(Browser phone, String step) throws IOException {
        phone.click("add-reading");
        phone.find("toast");
        phone.screenshot(step);
        String sentence = phone.text("toast");
        phone.click("toast-close");
        return sentence;
    }
}
