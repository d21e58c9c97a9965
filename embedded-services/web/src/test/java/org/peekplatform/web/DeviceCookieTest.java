package org.peekplatform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeviceCookieTest {
    private final SiteFixture fixture = new SiteFixture(new ManualClock());

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void aNewBrowserGetsASecretThatScriptsAndOtherSitesCannotUse() throws IOException {
        assertThat(setCookie(fixture.get("/api/device")))
                .matches(
                        "peek_device=[A-Za-z0-9_-]{32}; Path=/; Expires=[^;]+; Max-Age=31536000; HttpOnly; SameSite=Strict");
    }

    @Test
    void theBrowserIsKnownAgainAndGetsNoOtherSecret() throws IOException {
        String cookie = setCookie(fixture.get("/api/device")).split(";", 2)[0];

        RawHttp.Answer second = fixture.get("/api/device", "Cookie: " + cookie);
        RawHttp.Answer third = fixture.get("/api/device", "Cookie: " + cookie);

        assertThat(second.header("Set-Cookie")).isNull();
        assertThat(second.text()).matches("[A-Za-z0-9_-]{16}").isEqualTo(third.text());
        assertThat(cookie).doesNotContain(second.text());
    }

    @Test
    void aMadeUpCookieIsReplacedAndNamesNobody() throws IOException {
        for (String made :
                new String[] {"x", "a".repeat(31), "a".repeat(33), "a".repeat(31) + "!"}) {
            RawHttp.Answer one = fixture.get("/api/device", "Cookie: peek_device=" + made);
            RawHttp.Answer two = fixture.get("/api/device", "Cookie: peek_device=" + made);

            assertThat(setCookie(one)).startsWith("peek_device=").doesNotContain(made + ";");
            assertThat(one.text()).isNotEqualTo(two.text());
        }
    }

    private static String setCookie(RawHttp.Answer answer) {
        return Objects.requireNonNullElse(answer.header("Set-Cookie"), "");
    }
}
