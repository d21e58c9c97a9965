package org.peekplatform.web.identity;

import java.util.List;

/// What a party sends to prove itself.
///
/// @param id given to it when it joined
/// @param nonce a challenge of the server; good for one proof
/// @param signature over [#text]
public record Proof(String id, String nonce, String signature) {
    /// Proves the party `id` with `key` to the server with `fingerprint`.
    public static Proof of(PartyKey key, String id, String nonce, Fingerprint fingerprint) {
        return new Proof(id, nonce, key.sign(text(nonce, fingerprint, id)));
    }

    /// What is signed. It names the server, so that a proof for one cannot be passed on to another,
    /// and begins with what it is, so that it is of no use as anything else.
    static String text(String nonce, Fingerprint fingerprint, String id) {
        return String.join("\n", List.of("peek proof 1", nonce, fingerprint.text(), id));
    }
}
