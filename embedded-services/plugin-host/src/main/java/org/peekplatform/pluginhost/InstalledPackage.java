package org.peekplatform.pluginhost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// A package in the store of this service.
///
/// @param sha256 of the zip
/// @param content folder with the entries of the package, unpacked; not to be written to
/// @param zip the package as it came
public record InstalledPackage(PluginManifest manifest, String sha256, Path content, Path zip) {
    public String name() {
        return manifest.name();
    }

    public String version() {
        return manifest.version();
    }

    /// The first characters of the fingerprint, which stand for it in addresses and folder names.
    public String shortHash() {
        return Hashes.brief(sha256);
    }

    /// The jars of the plugin, sorted by name.
    List<Path> jars() {
        return files("lib", ".jar");
    }

    /// The migration scripts of the plugin, those for all databases first, sorted by name.
    List<Path> migrations() {
        return Stream.of("migrations", "migrations/h2", "migrations/postgresql")
                .flatMap(folder -> files(folder, ".sql").stream())
                .toList();
    }

    private List<Path> files(String folder, String ending) {
        Path path = content.resolve(folder);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        } catch (IOException problem) {
            throw new PeekException(
                    ErrorCode.INTERNAL,
                    "the folder %s of plugin '%s' cannot be read (%s); check disk and permissions"
                            .formatted(path, name(), problem),
                    problem);
        }
    }
}
