package org.peekplatform.web.identity;

import java.security.PublicKey;

/// What a certificate's key is known by: the SHA-256 of its public key (the
/// *SubjectPublicKeyInfo*), so that a certificate which is renewed with the same key stays the same
/// for those who pinned it.
///
/// @param text Base64 in the alphabet for addresses, without padding: 43 characters
public record Fingerprint(String text) {
    private static final String PATTERN = "[A-Za-z0-9_-]{43}";

    public Fingerprint {
        if (!isOne(text)) {
            throw new IllegalArgumentException("'" + text + "' is no fingerprint");
        }
    }

    /// Whether `text` has the form of one.
    public static boolean isOne(String text) {
        return text.matches(PATTERN);
    }

    static Fingerprint of(PublicKey key) {
        return new Fingerprint(Secrets.sha256(key.getEncoded()));
    }

    @Override
    public String toString() {
        return text;
    }
}
