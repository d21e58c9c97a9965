package org.peekplatform.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CheckoutTest {
    @Test
    void theOptionsOfTheStartScriptAreFound() {
        String script =
                """
                #!/usr/bin/env bash
                jvm_options=(
                  --enable-native-access=ALL-UNNAMED
                  -Xmx512m -XX:+UseSerialGC
                )
                jvm_options+=(-Xshare:auto)
                """;
        assertThat(Checkout.jvmOptions(script))
                .containsExactly(
                        "--enable-native-access=ALL-UNNAMED", "-Xmx512m", "-XX:+UseSerialGC");
    }

    /// The figures would silently be those of another command line.
    @Test
    void theStartScriptOfThisCheckoutHasTheList() throws Exception {
        Path script = Path.of("../../peek");
        assertThat(Checkout.jvmOptions(Files.readString(script)))
                .anyMatch(o -> o.startsWith("-Xmx"));
    }

    @Test
    void aScriptWithoutTheListIsRefused() {
        assertThatThrownBy(() -> Checkout.jvmOptions("#!/bin/sh\n"))
                .isInstanceOf(BenchException.class);
    }
}
