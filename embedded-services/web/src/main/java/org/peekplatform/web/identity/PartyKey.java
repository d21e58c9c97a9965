package org.peekplatform.web.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// The key of a service or device: ECDSA on P-256 with SHA-256, which the browsers' WebCrypto has
/// as well. Made where it is used, and never sent anywhere.
public final class PartyKey {
    private static final String ALGORITHM = "SHA256withECDSAinP1363Format";
    private static final int BITS = 256;

    private final PrivateKey secret;
    private final String publicKey;

    private PartyKey(PrivateKey secret, String publicKey) {
        this.secret = secret;
        this.publicKey = publicKey;
    }

    /// A new key.
    public static PartyKey make() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return new PartyKey(pair.getPrivate(), Secrets.text(pair.getPublic().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The key that [#secret] wrote.
    ///
    /// @throws PeekException when `text` is not one
    public static PartyKey parse(String text) {
        String[] parts = text.split(" ", 2);
        try {
            if (parts.length == 2) {
                PrivateKey secret =
                        KeyFactory.getInstance("EC")
                                .generatePrivate(
                                        new PKCS8EncodedKeySpec(
                                                Base64.getUrlDecoder().decode(parts[0])));
                return new PartyKey(secret, checked(parts[1]));
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new PeekException(ErrorCode.INTERNAL, "it is damaged", e);
        }
        throw new PeekException(ErrorCode.INTERNAL, "it is damaged");
    }

    /// The whole key, to be kept where only its owner can read it.
    public String secret() {
        return Secrets.text(secret.getEncoded()) + " " + publicKey;
    }

    /// The *SubjectPublicKeyInfo*, in Base64 for addresses.
    public String publicKey() {
        return publicKey;
    }

    public String sign(String text) {
        try {
            Signature signing = Signature.getInstance(ALGORITHM);
            signing.initSign(secret);
            signing.update(text.getBytes(StandardCharsets.UTF_8));
            return Secrets.text(signing.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key of this service cannot sign", e);
        }
    }

    /// `publicKey`, when it is one of the only kind that is taken.
    ///
    /// @throws PeekException with `BAD_REQUEST`
    static String checked(String publicKey) {
        parsePublic(publicKey);
        return publicKey;
    }

    static boolean verify(String publicKey, String text, String signature) {
        try {
            Signature checking = Signature.getInstance(ALGORITHM);
            checking.initVerify(parsePublic(publicKey));
            checking.update(text.getBytes(StandardCharsets.UTF_8));
            return checking.verify(Base64.getUrlDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static PublicKey parsePublic(String text) {
        try {
            PublicKey key =
                    KeyFactory.getInstance("EC")
                            .generatePublic(
                                    new X509EncodedKeySpec(Base64.getUrlDecoder().decode(text)));
            if (key instanceof ECPublicKey ec
                    && ec.getParams().getOrder().bitLength() == BITS
                    && Secrets.text(key.getEncoded()).equals(text)) {
                return key;
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw badKey(e);
        }
        throw badKey(null);
    }

    private static PeekException badKey(@Nullable Throwable cause) {
        return new PeekException(
                ErrorCode.BAD_REQUEST,
                "the public key is none on P-256, in Base64 for addresses without padding",
                cause);
    }
}
