package org.peekplatform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private final ManualClock clock = new ManualClock();
    private final Sessions sessions = new Sessions(clock);

    @Test
    void aTokenNamesItsUserAndNoOtherTextDoes() {
        String token = sessions.begin("ada");

        assertThat(sessions.user(token)).contains("ada");
        assertThat(sessions.user(token + "x")).isEmpty();
        assertThat(sessions.user("")).isEmpty();
        assertThat(sessions.user(null)).isEmpty();
        assertThat(sessions.user(Sessions.hash(token))).isEmpty();
    }

    @Test
    void tokensHave256BitsAndNeverRepeat() {
        Set<String> tokens = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            tokens.add(sessions.begin("ada"));
        }

        assertThat(tokens).hasSize(500).allMatch(token -> token.matches("[A-Za-z0-9_-]{43}"));
    }

    @Test
    void aSessionEndsAfterThirtyMinutesWithoutUse() {
        String token = sessions.begin("ada");

        clock.goOn(Duration.ofMinutes(30));
        assertThat(sessions.user(token)).contains("ada");
        clock.goOn(Duration.ofMinutes(30));
        assertThat(sessions.user(token)).contains("ada");
        clock.goOn(Duration.ofMinutes(30).plusMillis(1));
        assertThat(sessions.user(token)).isEmpty();
    }

    @Test
    void askingWhetherASessionLastsIsNoUseUnlessSaidSo() {
        String watched = sessions.begin("ada");
        String used = sessions.begin("ada");

        for (int i = 0; i < 4; i++) {
            clock.goOn(Duration.ofMinutes(10));
            sessions.lasts(watched, false);
            sessions.lasts(used, true);
        }

        assertThat(sessions.lasts(watched, true)).isFalse();
        assertThat(sessions.lasts(used, true)).isTrue();
    }

    @Test
    void aSessionEndsAfterTwelveHoursHoweverMuchItIsUsed() {
        String token = sessions.begin("ada");

        for (int i = 0; i < 36; i++) {
            clock.goOn(Duration.ofMinutes(20));
            assertThat(sessions.user(token)).contains("ada");
        }
        clock.goOn(Duration.ofMillis(1));

        assertThat(sessions.user(token)).isEmpty();
    }

    @Test
    void anEndedSessionStaysEnded() {
        String token = sessions.begin("ada");
        String other = sessions.begin("ada");

        sessions.end(token);
        sessions.end("unknown");
        sessions.end(null);

        assertThat(sessions.user(token)).isEmpty();
        assertThat(sessions.user(other)).contains("ada");
    }

    @Test
    void ofTooManySessionsTheOldestGivesWay() {
        String oldest = sessions.begin("ada");
        String second = sessions.begin("ada");
        for (int i = 0; i < 999; i++) {
            sessions.begin("ada");
        }

        assertThat(sessions.user(oldest)).isEmpty();
        assertThat(sessions.user(second)).contains("ada");
    }

    @Test
    void sessionsThatAreOverTakeNoPlaceFromLivingOnes() {
        for (int i = 0; i < 999; i++) {
            sessions.begin("gone");
        }
        clock.goOn(Duration.ofMinutes(20));
        String living = sessions.begin("ada");
        clock.goOn(Duration.ofMinutes(20));
        for (int i = 0; i < 999; i++) {
            sessions.begin("new");
        }

        assertThat(sessions.user(living)).contains("ada");
    }
}
