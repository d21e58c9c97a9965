package org.peekplatform.pluginhost;

import static org.peekplatform.pluginhost.Refusal.quote;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.peekplatform.pluginhost.ZipReader.Entry;

/// The names in a package: each safe on every file system, no two the same on any, and all where
/// they belong.
final class PackageContents {
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");
    private static final Pattern UNPORTABLE = Pattern.compile("[<>:\"|?*]");
    private static final Pattern WINDOWS_DEVICE =
            Pattern.compile("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");
    private static final Pattern MIGRATION =
            Pattern.compile("((h2|postgresql)/)?(V[0-9]+([._][0-9]+)*|R)__[^/]+\\.sql");
    private static final Pattern NOTICE = Pattern.compile("(LICENSE|NOTICE)[^/]*");

    private final Limits limits;
    private final Refusal refusal;
    private final Map<String, Entry> files = new LinkedHashMap<>();

    /// Checks the names of `entries`.
    PackageContents(List<Entry> entries, Limits limits, Refusal refusal) {
        this.limits = limits;
        this.refusal = refusal;
        Map<String, String> folded = new HashMap<>();
        for (Entry entry : entries) {
            checkName(entry);
            checkCollisions(entry, folded);
        }
        for (Entry entry : entries) {
            if (!entry.isFolder()) {
                files.put(entry.name(), entry);
            }
        }
    }

    /// Files by name, in the order of the package.
    Map<String, Entry> files() {
        return files;
    }

    List<Entry> jars() {
        return files.values().stream().filter(file -> file.name().startsWith("lib/")).toList();
    }

    boolean hasMigrations() {
        return files.keySet().stream().anyMatch(name -> name.startsWith("migrations/"));
    }

    Entry manifest() {
        Entry manifest = files.get(ManifestReader.FILE);
        if (manifest != null) {
            return manifest;
        }
        for (String name : files.keySet()) {
            if (name.endsWith("/" + ManifestReader.FILE)) {
                throw refusal.of(
                        "%s is not at the root of the archive but at %s; pack the content of the folder, not the folder"
                                .formatted(ManifestReader.FILE, quote(name)));
            }
        }
        throw refusal.of(
                "there is no %s at the root of the archive; add the manifest"
                        .formatted(ManifestReader.FILE));
    }

    void checkPlaces() {
        for (String name : files.keySet()) {
            int slash = name.indexOf('/');
            String root = slash < 0 ? name : name.substring(0, slash + 1);
            String rest = name.substring(slash + 1);
            switch (root) {
                case "lib/" -> {
                    if (rest.contains("/") || !rest.endsWith(".jar")) {
                        throw misplaced(name, "lib holds jars only, without folders");
                    }
                }
                case "migrations/" -> {
                    if (!MIGRATION.matcher(rest).matches()) {
                        throw misplaced(
                                name,
                                "migrations holds scripts only, named like V1__name.sql, and folders"
                                        + " h2 and postgresql with such scripts");
                    }
                }
                case "web/" -> {
                    if (!rest.startsWith("mobile/")
                            && !rest.startsWith("admin/")
                            && !rest.startsWith("assets/")) {
                        throw misplaced(name, "web holds the folders mobile, admin and assets");
                    }
                }
                case "docs/" -> {}
                default -> {
                    boolean known =
                            slash < 0
                                    && (name.equals(ManifestReader.FILE)
                                            || NOTICE.matcher(name).matches());
                    if (!known) {
                        throw misplaced(
                                name,
                                "a package holds %s, lib, migrations, web, docs, LICENSE and NOTICE"
                                        .formatted(ManifestReader.FILE));
                    }
                }
            }
        }
    }

    private RuntimeException misplaced(String name, String rule) {
        return refusal.of(
                "%s does not belong there: %s; move or remove it".formatted(quote(name), rule));
    }

    private void checkName(Entry entry) {
        String name = entry.name();
        String shown = quote(name);
        if (name.isEmpty()) {
            throw refusal.of("an entry has no name; build the package again");
        }
        if (name.indexOf('\0') >= 0) {
            throw refusal.of("entry %s has a NUL in its name; rename it".formatted(shown));
        }
        if (name.indexOf('\\') >= 0) {
            throw refusal.of(
                    "entry %s has a backslash in its name; pack with forward slashes"
                            .formatted(shown));
        }
        if (name.startsWith("/") || DRIVE.matcher(name).matches()) {
            throw refusal.of(
                    "entry %s has an absolute path; pack it with a path within the package"
                            .formatted(shown));
        }
        if (name.length() > limits.pathLength()) {
            throw refusal.of(
                    "the path of entry %s has %d characters; shorten it to %d"
                            .formatted(shown, name.length(), limits.pathLength()));
        }
        if (name.chars()
                .anyMatch(c ->
                        Character.isISOControl(c) || Character.getType(c) == Character.FORMAT)) {
            throw refusal.of(
                    "entry %s has control characters in its name; rename it".formatted(shown));
        }
        String path = entry.isFolder() ? name.substring(0, name.length() - 1) : name;
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..")) {
                throw refusal.of(
                        "entry %s points out of the archive with '..'; pack it with a path within the package"
                                .formatted(shown));
            }
            if (segment.isEmpty() || segment.equals(".")) {
                throw refusal.of(
                        "entry %s has an empty step or '.' in its path; pack it with a plain path"
                                .formatted(shown));
            }
            if (UNPORTABLE.matcher(segment).find()
                    || WINDOWS_DEVICE.matcher(segment).matches()
                    || segment.endsWith(".")
                    || segment.endsWith(" ")) {
                throw refusal.of(
                        "entry %s has a name that Windows does not allow; rename it"
                                .formatted(shown));
            }
        }
    }

    private void checkCollisions(Entry entry, Map<String, String> folded) {
        String name = entry.name();
        for (int slash = name.indexOf('/');
                slash >= 0 && slash < name.length() - 1;
                slash = name.indexOf('/', slash + 1)) {
            claim(name.substring(0, slash) + "/", folded, true);
        }
        claim(name, folded, entry.isFolder());
    }

    private void claim(String name, Map<String, String> folded, boolean mayRepeat) {
        String plain = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        String key =
                Normalizer.normalize(plain, Normalizer.Form.NFKC)
                        .toUpperCase(Locale.ROOT)
                        .toLowerCase(Locale.ROOT);
        @Nullable String other = folded.putIfAbsent(key, name);
        if (other == null || (mayRepeat && other.equals(name))) {
            return;
        }
        if (other.equals(name)) {
            throw refusal.of(
                    "entry %s is in the archive twice; remove one of them".formatted(quote(name)));
        }
        if (other.equals(name + "/") || name.equals(other + "/")) {
            throw refusal.of(
                    "entry %s is both a file and a folder; rename one of them"
                            .formatted(quote(plain)));
        }
        throw refusal.of(
                "entries %s and %s are the same on systems that ignore case or the form of letters; rename one of them"
                        .formatted(quote(other), quote(name)));
    }
}
