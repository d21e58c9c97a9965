package org.peekplatform.integration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TwoProcessesIT extends TutorialDay {
    @Test
    void theDayWithServerAndClientAsTwoProcesses() throws Exception {
        try (PeekProcess server = PeekProcess.start(home, "server,worker");
                PeekProcess client = PeekProcess.start(home, "client")) {
            spend(server, client, "two-processes");
            assertThat(client.terminate()).isEqualTo(143);
            assertThat(server.terminate()).isEqualTo(143);
            assertThat(filesIn(home.resolve("run"))).isEmpty();
        }
    }
}
