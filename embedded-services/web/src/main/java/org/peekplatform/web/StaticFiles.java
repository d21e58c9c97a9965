package org.peekplatform.web;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The files of a site: its own from the class path, and those of plugins from their packages.
final class StaticFiles {
    private static final String IMPORT_MAP_MARK = "<!-- peek:importmap -->";
    private static final Pattern SAFE_PATH = Pattern.compile("(/[A-Za-z0-9_@-][A-Za-z0-9._@-]*)+");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final Map<String, String> TYPES =
            Map.ofEntries(
                    Map.entry("html", "text/html; charset=utf-8"),
                    Map.entry("js", "text/javascript; charset=utf-8"),
                    Map.entry("css", "text/css; charset=utf-8"),
                    Map.entry("json", "application/json"),
                    Map.entry("webmanifest", "application/manifest+json"),
                    Map.entry("svg", "image/svg+xml"),
                    Map.entry("png", "image/png"),
                    Map.entry("jpg", "image/jpeg"),
                    Map.entry("webp", "image/webp"),
                    Map.entry("ico", "image/x-icon"),
                    Map.entry("woff2", "font/woff2"),
                    Map.entry("txt", "text/plain; charset=utf-8"),
                    Map.entry("map", "application/json"));

    private final String root;
    private final PluginFiles plugins;
    private final @Nullable String index;
    private final @Nullable String importMap;

    /// @param root folder on the class path, such as `peek/web/client`
    StaticFiles(String root, PluginFiles plugins) {
        this.root = root;
        this.plugins = plugins;
        index = read("/index.html").map(StaticFiles::text).orElse(null);
        importMap = read("/importmap.json").map(StaticFiles::text).orElse(null);
    }

    /// @return whether the path is one of the site's files
    boolean serve(Context request) {
        String path = request.path();
        if (path.equals("/") || path.equals("/index.html")) {
            return page(request);
        }
        if (!SAFE_PATH.matcher(path).matches()) {
            return false;
        }
        if (path.startsWith("/plugins/")) {
            Optional<Path> file = plugins.find(path);
            file.ifPresent(found -> answer(request, path, bytes(found), FOR_EVER));
            return file.isPresent();
        }
        // A folder on the class path reads as the list of its files.
        Optional<byte[]> file = TYPES.containsKey(ending(path)) ? read(path) : Optional.empty();
        boolean hashed = path.startsWith("/lib/") || path.startsWith("/assets/");
        file.ifPresent(found -> answer(request, path, found, hashed ? FOR_EVER : "no-cache"));
        return file.isPresent();
    }

    private boolean page(Context request) {
        if (index == null || importMap == null) {
            return false;
        }
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        String nonce = Base64.getEncoder().encodeToString(random);
        SecurityHeaders.allowNonce(request, nonce);
        String map =
                "<script type=\"importmap\" nonce=\"" + nonce + "\">" + importMap + "</script>";
        answer(
                request,
                "/index.html",
                index.replace(IMPORT_MAP_MARK, map).getBytes(StandardCharsets.UTF_8),
                "no-store");
        return true;
    }

    private static void answer(Context request, String path, byte[] bytes, String caching) {
        request.contentType(TYPES.getOrDefault(ending(path), "application/octet-stream"))
                .header("Cache-Control", caching)
                .header("Vary", "Accept-Encoding")
                .result(bytes);
    }

    private static String ending(String path) {
        return path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private Optional<byte[]> read(String path) {
        try (InputStream in = StaticFiles.class.getClassLoader().getResourceAsStream(root + path)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + root + path, e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
