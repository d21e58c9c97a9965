package org.peekplatform.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.PeekException;

/// The migration scripts of one schema, read into memory: what is hashed is what is run.
///
/// @param scripts in the order of their names
/// @param hash of names and texts
record MigrationScripts(List<Script> scripts, String hash) {
    private static final Pattern NAME =
            Pattern.compile("(V[0-9]+([._][0-9]+)*|R)__[A-Za-z0-9][^/\\\\]*\\.sql");

    /// The products that may have scripts of their own.
    private static final Set<String> VENDORS = Set.of("h2", "postgresql");

    record Script(String name, String text) {
        /// `null` when it is applied again whenever it changes.
        @Nullable MigrationVersion version() {
            return name.startsWith("V")
                    ? MigrationVersion.fromVersion(
                            name.substring(1, name.indexOf("__")).replace('_', '.'))
                    : null;
        }
    }

    static MigrationScripts of(List<Script> scripts) {
        return new MigrationScripts(List.copyOf(scripts), hash(scripts));
    }

    /// Reads the scripts of `folder` and of its folder for `vendor`; one that does not exist has
    /// none.
    static MigrationScripts read(String schema, Path folder, String vendor) {
        List<Script> scripts = new ArrayList<>();
        add(schema, folder, "", scripts);
        add(schema, folder.resolve(vendor), vendor + "/", scripts);
        refuseTwice(schema, scripts);
        scripts.sort(Comparator.comparing(Script::name));
        return of(scripts);
    }

    private static void add(String schema, Path folder, String prefix, List<Script> scripts) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path file : entries.toList()) {
                String name = file.getFileName().toString();
                if (!name.endsWith(".sql")) {
                    continue;
                }
                if (!NAME.matcher(name).matches()) {
                    throw new PeekException(
                            StorageErrors.MIGRATION_REFUSED,
                            "the migration script '"
                                    + prefix
                                    + name
                                    + "' of plugin schema '"
                                    + schema
                                    + "' must be named like V2__what_it_does.sql");
                }
                scripts.add(new Script(name, Files.readString(file)));
            }
        } catch (IOException e) {
            throw new PeekException(
                    StorageErrors.MIGRATION_REFUSED,
                    "the migration scripts of plugin schema '"
                            + schema
                            + "' in "
                            + folder
                            + " cannot be read ("
                            + e
                            + ")",
                    e);
        }
    }

    private static void refuseTwice(String schema, List<Script> scripts) {
        Map<Object, String> names = new HashMap<>();
        for (Script script : scripts) {
            MigrationVersion version = script.version();
            String other = names.put(version == null ? script.name() : version, script.name());
            if (other != null) {
                throw new PeekException(
                        StorageErrors.MIGRATION_REFUSED,
                        "two migration scripts of plugin schema '"
                                + schema
                                + "' are one and the same step ("
                                + other
                                + " and "
                                + script.name()
                                + "); one for every database and one for this product cannot have"
                                + " the same version, so move the former into the folders "
                                + String.join(" and ", new TreeSet<>(VENDORS)));
            }
        }
    }

    /// The highest version among them.
    MigrationVersion lastVersion() {
        return scripts.stream()
                .map(Script::version)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(MigrationVersion.EMPTY);
    }

    /// Reads scripts that came with this module, without those for other products.
    static MigrationScripts bundled(List<String> names, String vendor) {
        List<Script> scripts = new ArrayList<>();
        for (String name : names) {
            String folder = name.substring(0, name.indexOf('/') + 1);
            if (!folder.isEmpty() && !folder.equals(vendor + "/")) {
                continue;
            }
            try (InputStream in =
                    MigrationScripts.class.getResourceAsStream("migrations/" + name)) {
                if (in == null) {
                    throw new IllegalStateException(name + " is missing from the storage module");
                }
                scripts.add(
                        new Script(
                                name.substring(folder.length()),
                                new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(name + " cannot be read from the storage module", e);
            }
        }
        return of(scripts);
    }

    private static String hash(List<Script> scripts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Script script : scripts) {
                // Lengths keep the end of one text apart from the beginning of the next.
                byte[] text = script.text().getBytes(StandardCharsets.UTF_8);
                digest.update(
                        (script.name() + "\n" + text.length + "\n")
                                .getBytes(StandardCharsets.UTF_8));
                digest.update(text);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
