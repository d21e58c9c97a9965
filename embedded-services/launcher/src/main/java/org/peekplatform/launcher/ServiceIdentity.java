package org.peekplatform.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.web.identity.Fingerprint;
import org.peekplatform.web.identity.PartyKey;
import org.peekplatform.web.identity.PartyKind;
import org.peekplatform.web.identity.SecretFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What a service of this home has after it joined a server: its key, who it is there, and how the
/// server is known. Kept in two files of `data/identity`, `<kind>.key` and `<kind>.json`.
///
/// @param id that the server gave it
/// @param addresses `host:port` of the data exchange; empty for the server of the same home
record ServiceIdentity(
        PartyKey key, String id, String name, Fingerprint fingerprint, List<String> addresses) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    ServiceIdentity {
        addresses = List.copyOf(addresses);
    }

    private record Kept(
            @Nullable String id,
            @Nullable String name,
            @Nullable String fingerprint,
            @Nullable List<String> addresses) {}

    /// How the files of a service begin. Of a home's services only workers may be several; the
    /// usual one is called like its kind.
    ///
    /// @param name as configured
    static String stem(PartyKind kind, String name) {
        return kind == PartyKind.WORKER && !name.equals(kind.id())
                ? kind.id() + "-" + name
                : kind.id();
    }

    /// What the service of that stem is, if it has joined.
    static Optional<ServiceIdentity> read(Home home, String stem) {
        Path file = recordFile(home, stem);
        if (Files.notExists(file) || Files.notExists(keyFile(home, stem))) {
            return Optional.empty();
        }
        try {
            Kept kept = JSON.readValue(SecretFile.read(file, "the identity"), Kept.class);
            if (kept.id() != null
                    && kept.name() != null
                    && kept.fingerprint() != null
                    && Fingerprint.isOne(kept.fingerprint())) {
                return Optional.of(
                        new ServiceIdentity(
                                PartyKey.parse(SecretFile.read(keyFile(home, stem), "the key")),
                                kept.id(),
                                kept.name(),
                                new Fingerprint(kept.fingerprint()),
                                kept.addresses() == null ? List.of() : kept.addresses()));
            }
        } catch (JacksonException e) {
            throw damaged(file, e);
        } catch (PeekException e) {
            throw damaged(keyFile(home, stem), e);
        }
        throw damaged(file, null);
    }

    /// Keeps it for the next starts.
    void write(Home home, String stem) {
        SecretFile.replace(keyFile(home, stem), "the key", key.secret() + "\n");
        Kept kept = new Kept(id, name, fingerprint.text(), addresses);
        SecretFile.replace(
                recordFile(home, stem), "the identity", JSON.writeValueAsString(kept) + "\n");
    }

    /// Whether it joined with a token, and so has the server on another home.
    boolean isElsewhere() {
        return !addresses.isEmpty();
    }

    static Path keyFile(Home home, String stem) {
        return home.identity().resolve(stem + ".key");
    }

    private static Path recordFile(Home home, String stem) {
        return home.identity().resolve(stem + ".json");
    }

    private static PeekException damaged(Path file, @Nullable Throwable cause) {
        return new PeekException(
                ErrorCode.INTERNAL,
                file + " is damaged; delete it and join the server again",
                cause);
    }
}
