package org.peekplatform.pluginhost;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionRangeTest {
    @ParameterizedTest
    @CsvSource({
        "^1.2.0, 1.2.0, true",
        "^1.2.0, 1.9.9, true",
        "^1.2.0, 2.0.0, false",
        "^1.2.0, 1.1.9, false",
        "~1.2.3, 1.2.9, true",
        "~1.2.3, 1.3.0, false",
        "*, 0.0.1, true",
        "1.x, 1.7.2, true",
        "1.x, 2.0.0, false",
        ">=0.1.0 <1.0.0, 0.9.0, true",
        ">=0.1.0 <1.0.0, 1.0.0, false",
        "^1.0.0 || ^3.0.0, 3.1.0, true",
        "^1.0.0 || ^3.0.0, 2.1.0, false",
        "1.2.3, 1.2.3, true",
        "1.2.3, 1.2.4, false",
        ">=1.0.0, 2.0.0-rc.1, false",
        ">=2.0.0-rc.0, 2.0.0-rc.1, true"
    })
    void contains(String range, String version, boolean contained) {
        assertThat(VersionRange.of(range).contains(version)).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "foo",
                "latest",
                "[1,2)",
                ">=",
                "^1.2.3.4",
                ">=1.0.0,<2.0.0",
                ">=1.0.0<2.0.0",
                "1.0.0 - 2.0.0",
                "01.0.0",
                "^v1.0.0",
                "|| 1.0.0",
                "1.0.0 ||",
                "9999999999.0.0",
                "^1.0.0\n"
            })
    void refusesWhatIsNoRange(String text) {
        assertThat(VersionRange.parse(text)).isEmpty();
    }

    /// A platform under development is taken for the version it leads to, else no plugin could be
    /// tried on it.
    @ParameterizedTest
    @CsvSource({"1.0.0-SNAPSHOT, true", "1.0.0, true", "2.0.0-SNAPSHOT, false"})
    void aDevelopmentVersionOfThePlatformCountsAsItsRelease(String platform, boolean contained) {
        assertThat(VersionRange.of("^1.0.0").containsRelease(platform)).isEqualTo(contained);
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3, true",
        "1.2.3-rc.1+b5, true",
        "1.2, false",
        "v1.2.3, false",
        "01.2.3, false"
    })
    void tellsVersions(String text, boolean version) {
        assertThat(VersionRange.isVersion(text)).isEqualTo(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {" 1.2.3", "1.2.3 ", "1.2.3\n"})
    void blanksRoundAVersionAreNotPartOfIt(String text) {
        assertThat(VersionRange.isVersion(text)).isFalse();
    }
}
