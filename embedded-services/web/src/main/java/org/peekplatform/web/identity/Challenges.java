package org.peekplatform.web.identity;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Nonces for proofs: each is good once, for half a minute.
///
/// A nonce says itself until when it is good, and is signed with a key of this run. So nothing is
/// kept for those who ask and never prove anything, however many they are: only what a right proof
/// has used up, at most [#MAX] at a time.
final class Challenges {
    static final Duration LIFE = Duration.ofSeconds(30);
    static final int MAX = 20_000;
    private static final int RANDOM_BYTES = 16;
    private static final int SIGNED_BYTES = RANDOM_BYTES + Long.BYTES;
    private static final int BYTES = SIGNED_BYTES + 32;

    private final InstantSource clock;
    private final SecretKeySpec key = new SecretKeySpec(Secrets.bytes(32), "HmacSHA256");
    private final Map<String, Instant> used = new LinkedHashMap<>();

    Challenges(InstantSource clock) {
        this.clock = clock;
    }

    String make() {
        byte[] signed =
                ByteBuffer.allocate(SIGNED_BYTES)
                        .put(Secrets.bytes(RANDOM_BYTES))
                        .putLong(clock.instant().plus(LIFE).toEpochMilli())
                        .array();
        return Secrets.text(ByteBuffer.allocate(BYTES).put(signed).put(signature(signed)).array());
    }

    /// Whether a nonce is one of this run, and its time is not over. It may have been used.
    boolean isOurs(String nonce) {
        return expires(nonce).isPresent();
    }

    /// @return whether the nonce was good until now
    synchronized boolean useUp(String nonce) {
        Optional<Instant> expires = expires(nonce);
        if (expires.isEmpty()) {
            return false;
        }
        Instant now = clock.instant();
        used.values().removeIf(now::isAfter);
        return used.size() < MAX && used.putIfAbsent(nonce, expires.get()) == null;
    }

    private Optional<Instant> expires(String nonce) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(nonce);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        // One text for each nonce: what decodes to the same bytes is not another one.
        if (bytes.length != BYTES || !Secrets.text(bytes).equals(nonce)) {
            return Optional.empty();
        }
        ByteBuffer read = ByteBuffer.wrap(bytes);
        byte[] signed = new byte[SIGNED_BYTES];
        byte[] signature = new byte[BYTES - SIGNED_BYTES];
        read.get(signed).get(signature);
        Instant expires = Instant.ofEpochMilli(ByteBuffer.wrap(signed).getLong(RANDOM_BYTES));
        return MessageDigest.isEqual(signature, signature(signed))
                        && !clock.instant().isAfter(expires)
                ? Optional.of(expires)
                : Optional.empty();
    }

    private byte[] signature(byte[] signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
