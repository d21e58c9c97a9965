package org.peekplatform.web.identity;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// What a site shows when it is asked over TLS who it is: a certificate with its chain, and the key
/// that proves it.
public final class TlsIdentity {
    private static final Duration TWENTY_YEARS = Duration.ofDays(20 * 365);
    private static final char[] IN_MEMORY = "in memory only".toCharArray();

    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final List<String> names;

    private TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
        this.key = key;
        this.chain = List.copyOf(chain);
        names = namesOf(chain.getFirst());
    }

    /// Peek's own identity in a home: a key and a certificate signed with it, made at first use and
    /// kept in `folder`, readable by the owner only.
    public static TlsIdentity own(Path folder) {
        Path file = folder.resolve("tls.pem");
        String pem = SecretFile.readOrMake(file, "the key of this home", TlsIdentity::make);
        return parse(pem, pem, file, file);
    }

    /// The identity in two PEM files that an administrator provides.
    ///
    /// @param certificate the certificate, followed by those that lead from it to one that browsers
    ///   trust
    /// @param key its key, not encrypted
    /// @throws PeekException with a sentence that names the file and what is wrong with it
    public static TlsIdentity read(Path certificate, Path key) {
        return parse(text(certificate), text(key), certificate, key);
    }

    /// What those who pin this identity know it by.
    public Fingerprint fingerprint() {
        return Fingerprint.of(chain.getFirst().getPublicKey());
    }

    /// Whether the certificate is made out to the host name `name`, in small letters.
    public boolean covers(String name) {
        return names.stream()
                .anyMatch(own ->
                        own.equals(name)
                                || (own.startsWith("*.")
                                        && name.indexOf('.') > 0
                                        && name.substring(name.indexOf('.'))
                                                .equals(own.substring(1))));
    }

    /// Until when the certificate is valid.
    public Instant validUntil() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    /// Key and certificates as a TLS library wants them.
    public KeyStore keyStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("peek", key, IN_MEMORY, chain.toArray(X509Certificate[]::new));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the key of the site cannot be used", e);
        }
    }

    /// The password of [#keyStore]; it never leaves the process.
    public String keyStorePassword() {
        return String.valueOf(IN_MEMORY);
    }

    private static String make() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            StringWriter text = new StringWriter();
            try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
                pem.writeObject(new JcaPKCS8Generator(pair.getPrivate(), null));
                pem.writeObject(certificate(pair));
            }
            return text.toString();
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("no certificate can be made", e);
        }
    }

    private static X509CertificateHolder certificate(KeyPair pair)
            throws OperatorCreationException, IOException {
        X500Name name = new X500Name("CN=Peek");
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                        name,
                        new BigInteger(128, new java.security.SecureRandom()).setBit(127),
                        Date.from(now.minus(Duration.ofDays(1))),
                        Date.from(now.plus(TWENTY_YEARS)),
                        name,
                        pair.getPublic())
                .addExtension(Extension.subjectAlternativeName, false, ownNames())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
    }

    private static GeneralNames ownNames() {
        List<GeneralName> names = new ArrayList<>();
        names.add(new GeneralName(GeneralName.dNSName, "localhost"));
        names.add(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
        try {
            String host = InetAddress.getLocalHost().getHostName();
            if (host.matches("[A-Za-z0-9.-]+") && !host.equals("localhost")) {
                names.add(new GeneralName(GeneralName.dNSName, host));
            }
        } catch (UnknownHostException e) {
            // A machine without a name has no name to put there.
        }
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private static TlsIdentity parse(
            String certificatePem, String keyPem, Path certificateFile, Path keyFile) {
        List<X509Certificate> chain = certificates(certificatePem, certificateFile);
        PrivateKey key = key(keyPem, keyFile);
        checkPair(key, chain.getFirst(), certificateFile, keyFile);
        return new TlsIdentity(key, chain);
    }

    private static List<X509Certificate> certificates(String pem, Path file) {
        List<X509Certificate> found = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            for (Object one = parser.readObject(); one != null; one = parser.readObject()) {
                if (one instanceof X509CertificateHolder holder) {
                    found.add(new JcaX509CertificateConverter().getCertificate(holder));
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(file, "it is damaged (" + e.getMessage() + ")", e);
        }
        if (found.isEmpty()) {
            throw unusable(file, "there is no certificate in it; it must be a PEM file", null);
        }
        return found;
    }

    private static PrivateKey key(String pem, Path file) {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            for (Object one = parser.readObject(); one != null; one = parser.readObject()) {
                if (one instanceof PrivateKeyInfo info) {
                    return converter.getPrivateKey(info);
                }
                if (one instanceof PEMKeyPair pair) {
                    return converter.getKeyPair(pair).getPrivate();
                }
            }
        } catch (PEMException e) {
            throw unusable(file, "it is damaged (" + e.getMessage() + ")", e);
        } catch (IOException e) {
            throw unusable(file, "it is damaged (" + e + ")", e);
        }
        throw unusable(
                file, "there is no key in it; it must be a PEM file that is not encrypted", null);
    }

    private static void checkPair(
            PrivateKey key, X509Certificate certificate, Path certificateFile, Path keyFile) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC", "ECDSA" -> "SHA256withECDSA";
                    default ->
                            throw unusable(
                                    keyFile,
                                    "its kind, "
                                            + key.getAlgorithm()
                                            + ", is not known; use RSA or EC",
                                    null);
                };
        try {
            byte[] text = "peek".getBytes(StandardCharsets.UTF_8);
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(text);
            Signature checking = Signature.getInstance(algorithm);
            checking.initVerify(certificate.getPublicKey());
            checking.update(text);
            if (checking.verify(signing.sign())) {
                return;
            }
        } catch (GeneralSecurityException e) {
            throw unusable(keyFile, "it does not belong to " + certificateFile, e);
        }
        throw unusable(keyFile, "it does not belong to " + certificateFile, null);
    }

    private static List<String> namesOf(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> one : all) {
                    if (Integer.valueOf(GeneralName.dNSName).equals(one.get(0))) {
                        names.add(String.valueOf(one.get(1)).toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (GeneralSecurityException e) {
            // A certificate whose names cannot be read covers none.
        }
        return List.copyOf(names);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw unusable(file, "it cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private static PeekException unusable(Path file, String why, @Nullable Throwable cause) {
        return new PeekException(
                ErrorCode.BAD_REQUEST,
                "the file " + file + " cannot be used for TLS: " + why,
                cause);
    }
}
