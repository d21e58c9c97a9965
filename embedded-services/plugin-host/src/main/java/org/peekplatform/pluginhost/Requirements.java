package org.peekplatform.pluginhost;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.semver4j.Semver;

/// Whether plugins go together and with this platform; every answer is a sentence for people.
///
/// @param platformVersion version of Peek
record Requirements(String platformVersion) {

    /// Why the manifest does not go with this platform.
    Optional<String> platform(PluginManifest manifest) {
        String range = manifest.requires().platform();
        if (range == null || VersionRange.of(range).containsRelease(platformVersion)) {
            return Optional.empty();
        }
        return Optional.of(
                "plugin '%s' %s requires platform %s, but this is Peek %s; get the version of the plugin made for it"
                        .formatted(manifest.name(), manifest.version(), range, platformVersion));
    }

    /// Why a required plugin, of which `version` is installed or none, does not do.
    static Optional<String> plugin(
            PluginManifest manifest, String required, Optional<String> version) {
        String range = manifest.requires().plugins().getOrDefault(required, "*");
        if (version.isEmpty()) {
            return Optional.of(
                    "plugin '%s' %s requires plugin '%s' %s, which is not installed; install it first"
                            .formatted(manifest.name(), manifest.version(), required, range));
        }
        if (!VersionRange.of(range).contains(version.get())) {
            return Optional.of(
                    "plugin '%s' %s requires plugin '%s' %s, but %s is installed; install a version in that range"
                            .formatted(
                                    manifest.name(),
                                    manifest.version(),
                                    required,
                                    range,
                                    version.get()));
        }
        return Optional.empty();
    }

    /// Why a package cannot be installed beside, or in place of, what is installed.
    ///
    /// @param installed packages by name of plugin
    List<String> refusals(
            PluginManifest manifest, String sha256, SortedMap<String, InstalledPackage> installed) {
        List<String> refusals = new ArrayList<>();
        platform(manifest).ifPresent(refusals::add);
        InstalledPackage present = installed.get(manifest.name());
        if (present != null) {
            version(manifest, sha256, present).ifPresent(refusals::add);
        }
        for (String required : manifest.requires().plugins().keySet()) {
            Optional<String> version =
                    Optional.ofNullable(installed.get(required)).map(InstalledPackage::version);
            plugin(manifest, required, version).ifPresent(refusals::add);
        }
        circle(manifest, installed).ifPresent(refusals::add);
        for (InstalledPackage other : installed.values()) {
            String range = other.manifest().requires().plugins().get(manifest.name());
            if (range != null && !VersionRange.of(range).contains(manifest.version())) {
                refusals.add(
                        "plugin '%s' %s, which is installed, requires plugin '%s' %s, so %s would break it; upgrade '%s' first or choose a version in that range"
                                .formatted(
                                        other.name(),
                                        other.version(),
                                        manifest.name(),
                                        range,
                                        manifest.version(),
                                        other.name()));
            }
        }
        return refusals;
    }

    static String circle(List<String> round) {
        return "plugin '%s' requires itself in a circle (%s); remove one of these requirements"
                .formatted(round.getFirst(), String.join(" → ", round));
    }

    private static Optional<String> version(
            PluginManifest manifest, String sha256, InstalledPackage present) {
        int order = new Semver(manifest.version()).compareTo(new Semver(present.version()));
        if (order == 0 && !sha256.equals(present.sha256())) {
            return Optional.of(
                    "version %s of plugin '%s' is installed with other content; raise the version"
                            .formatted(present.version(), manifest.name()));
        }
        if (order < 0) {
            return Optional.of(
                    "version %s of plugin '%s' is older than the installed %s; remove the newer one first"
                            .formatted(manifest.version(), manifest.name(), present.version()));
        }
        return Optional.empty();
    }

    private static Optional<String> circle(
            PluginManifest manifest, SortedMap<String, InstalledPackage> installed) {
        Map<String, java.util.Set<String>> requirements = new java.util.HashMap<>();
        installed.forEach((name, one) ->
                requirements.put(name, one.manifest().requires().plugins().keySet()));
        requirements.put(manifest.name(), manifest.requires().plugins().keySet());
        return Optional.ofNullable(StartOrder.of(requirements).circles().get(manifest.name()))
                .map(Requirements::circle);
    }
}
