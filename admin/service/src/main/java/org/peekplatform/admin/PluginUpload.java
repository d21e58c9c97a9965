package org.peekplatform.admin;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.pluginhost.PluginInstaller;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Takes the zip of a plugin that an administrator drops, and installs it.
final class PluginUpload {
    private static final Logger log = LoggerFactory.getLogger(PluginUpload.class);
    private static final long MAX_BYTES = 200L << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PluginInstaller installer;
    private final AdminLogin login;

    PluginUpload(PluginInstaller installer, AdminLogin login) {
        this.installer = installer;
        this.login = login;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/plugins", this::upload);
        routes.delete("/api/plugins/{name}", this::remove);
    }

    private void remove(Context request) {
        Caller.Administrator by = login.prove(request);
        PluginInstaller.Result result = installer.remove(request.pathParam("name"));
        log.info("{} removed plugin {} {}", by.user(), result.name(), result.version());
        answer(request, result);
    }

    private void upload(Context request) {
        Caller.Administrator by = login.prove(request);
        Path folder = null;
        try {
            folder = Files.createTempDirectory("peek-upload");
            Path zip = folder.resolve(fileName(request.header("X-Peek-File")));
            receive(request, zip);
            PluginInstaller.Result result = installer.install(zip);
            log.info("{} installed plugin {} {}", by.user(), result.name(), result.version());
            answer(request, result);
        } catch (IOException e) {
            throw new PeekException(ErrorCode.INTERNAL, "the upload cannot be stored", e);
        } finally {
            delete(folder);
        }
    }

    private static void answer(Context request, PluginInstaller.Result result) {
        request.contentType("application/json")
                .result(
                        JSON.writeValueAsBytes(
                                Map.of(
                                        "name", result.name(),
                                        "version", result.version(),
                                        "message", result.message())));
    }

    private static void receive(Context request, Path zip) throws IOException {
        if (request.req().getContentLengthLong() > MAX_BYTES) {
            throw tooLarge();
        }
        try (OutputStream out = Files.newOutputStream(zip)) {
            InputStream in = request.req().getInputStream();
            byte[] buffer = new byte[64 << 10];
            long received = 0;
            for (int read = read(in, buffer); read >= 0; read = read(in, buffer)) {
                received += read;
                if (received > MAX_BYTES) {
                    throw tooLarge();
                }
                out.write(buffer, 0, read);
            }
        }
    }

    private static int read(InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST, "the upload broke off; nothing was installed", e);
        }
    }

    private static PeekException tooLarge() {
        return new PeekException(
                ErrorCode.BAD_REQUEST, "the file is larger than the 200 MB a plugin may have");
    }

    /// The name the administrator knows the file by, for messages; nothing of it that a file system
    /// could take amiss.
    private static String fileName(@Nullable String header) {
        String given = header == null ? "" : decoded(header);
        String name = given.replaceAll("[^A-Za-z0-9._ -]", "_").strip();
        String brief = name.length() > 100 ? name.substring(name.length() - 100) : name;
        return brief.isEmpty() || brief.startsWith(".") ? "upload.zip" : brief;
    }

    private static String decoded(String header) {
        try {
            return URLDecoder.decode(header, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            log.debug("The name of an uploaded file is not encoded well", e);
            return header;
        }
    }

    private static void delete(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            log.warn("{} could not be deleted", folder, e);
        }
    }
}
