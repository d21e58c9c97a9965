package org.peekplatform.pluginhost;

import static org.peekplatform.pluginhost.Refusal.quote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.pluginhost.ZipReader.Entry;

/// A zip that has been checked to be a plugin package, as `docs/developer/plugin-package.md`
/// describes it.
///
/// The check reads every entry once, holds no entry but the manifest in memory, and ends with the
/// first thing that is wrong.
public final class PluginPackage {
    private final Path zip;
    private final PluginManifest manifest;
    private final String sha256;

    private PluginPackage(Path zip, PluginManifest manifest, String sha256) {
        this.zip = zip;
        this.manifest = manifest;
        this.sha256 = sha256;
    }

    /// Checks `zip`, which must not change meanwhile. Leaves nothing behind but the object.
    ///
    /// @throws org.peekplatform.api.PeekException with `BAD_REQUEST` when anything is wrong; the
    ///   message names the file, what is wrong in it and what to do about it
    public static PluginPackage read(Path zip) {
        return read(zip, Limits.STANDARD, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /// @param scratch folder for one jar at a time
    static PluginPackage read(Path zip, Limits limits, Path scratch) {
        Refusal refusal = new Refusal(Objects.toString(zip.getFileName(), zip.toString()));
        try (ZipReader reader = ZipReader.open(zip, limits, refusal)) {
            PackageContents contents = new PackageContents(reader.entries(), limits, refusal);
            PluginManifest manifest = manifest(reader, contents, limits, refusal);
            contents.checkPlaces();
            checkReferences(manifest, contents, refusal);
            Map<String, String> missing = hooks(manifest);
            for (Entry file : contents.files().values()) {
                if (file.name().startsWith("lib/")) {
                    checkJar(reader, file, missing, scratch, refusal);
                } else {
                    drain(reader, file);
                }
            }
            missing.forEach((field, type) -> {
                throw refusal.of(
                        "%s: '%s' names the class %s, which no jar in lib holds; correct the name or add the jar"
                                .formatted(ManifestReader.FILE, field, quote(type)));
            });
            return new PluginPackage(zip, manifest, Hashes.sha256(zip));
        } catch (IOException problem) {
            throw refusal.of(
                    "the file cannot be read (%s); check disk and permissions".formatted(problem),
                    problem);
        }
    }

    public PluginManifest manifest() {
        return manifest;
    }

    /// Of the zip, in lower-case hexadecimal; what the package is known by everywhere.
    public String sha256() {
        return sha256;
    }

    /// The file that was checked.
    public Path zip() {
        return zip;
    }

    private static PluginManifest manifest(
            ZipReader reader, PackageContents contents, Limits limits, Refusal refusal)
            throws IOException {
        Entry entry = contents.manifest();
        if (entry.size() > limits.manifest()) {
            throw refusal.of(
                    "%s has %d bytes, it may have %s; shorten it"
                            .formatted(
                                    ManifestReader.FILE,
                                    entry.size(),
                                    Limits.size(limits.manifest())));
        }
        try (InputStream in = reader.open(entry)) {
            return new ManifestReader(refusal).read(in.readAllBytes());
        }
    }

    private static void checkReferences(
            PluginManifest manifest, PackageContents contents, Refusal refusal) {
        Map<String, @Nullable String> files = new LinkedHashMap<>();
        if (manifest.admin() != null) {
            files.put("admin.module", manifest.admin().module());
            files.put("admin.icon", manifest.admin().icon());
        }
        if (manifest.mobile() != null) {
            files.put("mobile.module", manifest.mobile().module());
            files.put("mobile.icon", manifest.mobile().icon());
        }
        if (manifest.desktop() != null) {
            files.put("desktop.module", manifest.desktop().module());
            files.put("desktop.icon", manifest.desktop().icon());
        }
        files.forEach((field, file) -> {
            if (file != null && !contents.files().containsKey(file)) {
                throw refusal.of(
                        "%s: '%s' names the file %s, which is not in the package; correct the name or add the file"
                                .formatted(ManifestReader.FILE, field, quote(file)));
            }
        });
        if (contents.hasMigrations() && !manifest.requires(ServiceKind.STORAGE)) {
            throw refusal.of(
                    "%s: 'requiresServices' does not name 'storage' although there are scripts in migrations; add \"storage\" or leave the scripts out"
                            .formatted(ManifestReader.FILE));
        }
    }

    /// Entry hooks by the field that names them.
    private static Map<String, String> hooks(PluginManifest manifest) {
        Map<String, String> hooks = new LinkedHashMap<>();
        for (ServiceKind service : ServiceKind.values()) {
            manifest.entryHook(service)
                    .ifPresent(type -> hooks.put(service.id() + ".entryHook", type));
        }
        return hooks;
    }

    private static void drain(ZipReader reader, Entry file) throws IOException {
        try (InputStream in = reader.open(file)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /// Opens the jar with the class that will load from it. For that it has to be a file of its own
    /// for a moment, as the table of contents of a jar stands at its end.
    private static void checkJar(
            ZipReader reader,
            Entry entry,
            Map<String, String> missing,
            Path scratch,
            Refusal refusal)
            throws IOException {
        Path copy = Files.createTempFile(scratch, "peek-jar-", ".tmp");
        try {
            try (InputStream in = reader.open(entry);
                    OutputStream out = Files.newOutputStream(copy)) {
                in.transferTo(out);
            }
            if (!JarTable.isBounded(copy)) {
                throw notAJar(entry, refusal);
            }
            try (ZipFile jar = new ZipFile(copy.toFile())) {
                missing.values()
                        .removeIf(type -> jar.getEntry(type.replace('.', '/') + ".class") != null);
            } catch (ZipException _) {
                throw notAJar(entry, refusal);
            }
        } finally {
            Files.delete(copy);
        }
    }

    private static RuntimeException notAJar(Entry entry, Refusal refusal) {
        return refusal.of(
                "%s is not a jar; build it again or leave it out".formatted(quote(entry.name())));
    }
}
