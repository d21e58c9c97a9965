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
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.peekplatform.api.PeekException;

/// The migration scripts of one schema, read into memory: what is hashed is what is run.
///
/// @param scripts in the order of their names
/// @param hash of names and texts
record MigrationScripts(List<Script> scripts, String hash) {
    private static final Pattern NAME =
            Pattern.compile("(V[0-9]+([._][0-9]+)*|R)__[A-Za-z0-9][^/\\\\]*\\.sql");

    record Script(String name, String text) {}

    static MigrationScripts of(List<Script> scripts) {
        return new MigrationScripts(List.copyOf(scripts), hash(scripts));
    }

    /// Reads the scripts of `folder`; one that does not exist has none.
    static MigrationScripts read(String schema, Path folder) {
        if (!Files.exists(folder)) {
            return of(List.of());
        }
        List<Script> scripts = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path file : entries.sorted().toList()) {
                String name = file.getFileName().toString();
                if (!name.endsWith(".sql")) {
                    continue;
                }
                if (!NAME.matcher(name).matches()) {
                    throw new PeekException(
                            StorageErrors.MIGRATION_REFUSED,
                            "the migration script '"
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
        return of(scripts);
    }

    /// Reads scripts that came with this module.
    static MigrationScripts bundled(List<String> names) {
        List<Script> scripts = new ArrayList<>();
        for (String name : names) {
            try (InputStream in =
                    MigrationScripts.class.getResourceAsStream("migrations/" + name)) {
                if (in == null) {
                    throw new IllegalStateException(name + " is missing from the storage module");
                }
                scripts.add(
                        new Script(name, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
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
