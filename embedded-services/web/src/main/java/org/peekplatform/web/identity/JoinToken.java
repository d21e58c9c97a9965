package org.peekplatform.web.identity;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What an administrator hands to a service or device so that it may join, once.
///
/// As text it is one line, `peek-` and a small JSON object in Base64 for addresses.
///
/// @param addresses `host:port` of the server's data exchange; empty for devices
/// @param fingerprint of the server
/// @param kind what may join
/// @param name what it will be called, or `null` where it says so itself
/// @param secret proves to the server that an administrator made the token
public record JoinToken(
        List<String> addresses,
        Fingerprint fingerprint,
        PartyKind kind,
        @Nullable String name,
        String secret) {
    private static final String PREFIX = "peek-";
    private static final int MAX_CHARS = 4_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    public JoinToken {
        addresses = List.copyOf(addresses);
    }

    private record Wire(
            @Nullable List<String> a,
            @Nullable String f,
            @Nullable String k,
            @Nullable String n,
            @Nullable String s) {}

    /// As text.
    public String text() {
        Wire wire = new Wire(addresses, fingerprint.text(), kind.id(), name, secret);
        return PREFIX
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(JSON.writeValueAsBytes(wire));
    }

    /// Reads what [#text] wrote. Blanks and line breaks in it do not matter.
    ///
    /// @throws PeekException with a sentence for the one who has pasted it
    public static JoinToken parse(String text) {
        String one = text.replaceAll("\\s", "");
        if (one.startsWith(PREFIX) && one.length() <= MAX_CHARS) {
            try {
                byte[] json = Base64.getUrlDecoder().decode(one.substring(PREFIX.length()));
                return read(JSON.readValue(new String(json, StandardCharsets.UTF_8), Wire.class));
            } catch (JacksonException | IllegalArgumentException e) {
                throw noToken(e);
            }
        }
        throw noToken(null);
    }

    private static JoinToken read(@Nullable Wire wire) {
        if (wire == null
                || wire.a() == null
                || wire.s() == null
                || wire.f() == null
                || !Fingerprint.isOne(wire.f())) {
            throw noToken(null);
        }
        List<String> addresses =
                wire.a().stream()
                        .map(String::valueOf)
                        .filter(address -> address.matches("[A-Za-z0-9.:\\[\\]_-]+:[0-9]{1,5}"))
                        .toList();
        PartyKind kind = PartyKind.of(String.valueOf(wire.k())).orElseThrow(() -> noToken(null));
        if (addresses.size() != wire.a().size()) {
            throw noToken(null);
        }
        return new JoinToken(addresses, new Fingerprint(wire.f()), kind, wire.n(), wire.s());
    }

    private static PeekException noToken(@Nullable Throwable cause) {
        return new PeekException(
                ErrorCode.BAD_REQUEST,
                "this is no whole token; copy it again from the admin, from 'peek-' to its end",
                cause);
    }
}
