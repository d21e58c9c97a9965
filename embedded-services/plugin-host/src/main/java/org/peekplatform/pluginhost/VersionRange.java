package org.peekplatform.pluginhost;

import java.util.Optional;
import java.util.regex.Pattern;
import org.semver4j.Semver;
import org.semver4j.range.RangeList;
import org.semver4j.range.RangeListFactory;

/// A range of semantic versions, such as `^1.2.0` or `>=1.0.0 <2.0.0 || 3.x`.
///
/// The library reads what it does not understand as something else (`[1,2)` becomes `>=1.0.0`), so
/// the text is held against a grammar first.
final class VersionRange {
    private static final String NUMBER = "(0|[1-9]\\d{0,8})";
    private static final String PART = "(" + NUMBER + "|[x*])";
    private static final String PRE_RELEASE = "(-[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?";
    private static final String ONE =
            "(\\^|~|>=|<=|>|<|=)?" + NUMBER + "(\\." + PART + "(\\." + PART + PRE_RELEASE + ")?)?";
    private static final Pattern GRAMMAR =
            Pattern.compile(
                    "\\*|" + ONE + "( +" + ONE + ")*( *\\|\\| *" + ONE + "( +" + ONE + ")*)*");
    private static final Pattern VERSION =
            Pattern.compile("\\d+\\.\\d+\\.\\d+" + PRE_RELEASE + "(\\+[0-9A-Za-z.-]+)?");
    private static final int LONGEST = 200;
    private static final int LONGEST_VERSION = 64;

    private final String text;
    private final RangeList ranges;

    private VersionRange(String text, RangeList ranges) {
        this.text = text;
        this.ranges = ranges;
    }

    /// Empty when `text` is not a range.
    static Optional<VersionRange> parse(String text) {
        if (text.length() > LONGEST || !GRAMMAR.matcher(text).matches()) {
            return Optional.empty();
        }
        return Optional.of(new VersionRange(text, RangeListFactory.create(text)));
    }

    /// The range of a manifest that has been read, so its text is known to be one.
    static VersionRange of(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException("not a version range: " + text));
    }

    /// Whether `version` is a semantic version exactly, without a `v` in front or blanks round it.
    static boolean isVersion(String version) {
        return version.length() <= LONGEST_VERSION
                && VERSION.matcher(version).matches()
                && Semver.isValid(version);
    }

    boolean contains(String version) {
        return new Semver(version).satisfies(ranges);
    }

    /// The same for the platform, whose development versions count as the version they lead to.
    boolean containsRelease(String version) {
        return new Semver(version).withClearedPreReleaseAndBuild().satisfies(ranges);
    }

    @Override
    public String toString() {
        return text;
    }
}
