package org.peekplatform.web.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.PeekException;

class JoinTokenTest {
    private static final JoinToken TOKEN =
            new JoinToken(
                    List.of("10.0.0.1:8011", "[fd00::2]:8011", "peek.example:8011"),
                    new Fingerprint("f".repeat(43)),
                    PartyKind.CLIENT,
                    "depot",
                    "secret");

    @Test
    void aTokenIsOneLineThatReadsAsItWasWritten() {
        assertThat(TOKEN.text()).matches("peek-[A-Za-z0-9_-]+");
        assertThat(JoinToken.parse(TOKEN.text())).isEqualTo(TOKEN);
    }

    @Test
    void lineBreaksOfATerminalOrMailDoNotMatter() {
        String text = TOKEN.text();
        String broken = "  " + text.substring(0, 40) + "\r\n " + text.substring(40) + "\n";

        assertThat(JoinToken.parse(broken)).isEqualTo(TOKEN);
    }

    @Test
    void whatIsNoWholeTokenIsRefusedWithTheCure() {
        String text = TOKEN.text();
        for (String bad :
                List.of(
                        "",
                        "hello",
                        "peek-",
                        "peek-!!!",
                        text.substring(0, text.length() - 9),
                        text.substring(5),
                        "peek-e30",
                        "peek-bnVsbA")) {
            assertThatThrownBy(() -> JoinToken.parse(bad))
                    .as(bad)
                    .isInstanceOf(PeekException.class)
                    .hasMessage(
                            "this is no whole token; copy it again from the admin, from 'peek-' to its end");
        }
    }
}
