package org.peekplatform.integration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneProcessIT extends TutorialDay {
    @Test
    void theDayWithAllServicesInOneProcess() throws Exception {
        try (PeekProcess peek = PeekProcess.start(home, "all")) {
            spend(peek, peek, "one-process");
            assertThat(peek.terminate()).isEqualTo(143);
            assertThat(filesIn(home.resolve("run"))).isEmpty();
        }
    }
}
