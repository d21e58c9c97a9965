package org.peekplatform.web.identity;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// TLS towards one known server: its key decides, not who signed its certificate or which name it
/// is made out to.
public final class PinnedTls {
    private PinnedTls() {}

    /// A context for clients that trusts the key with this fingerprint and no other.
    public static SSLContext to(Fingerprint fingerprint) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Pin(fingerprint)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The other side has another key than the one that was pinned.
    public static final class WrongServerException extends CertificateException {
        private static final long serialVersionUID = 1;

        WrongServerException(Fingerprint expected, Fingerprint found) {
            super("the server's fingerprint is " + found + ", expected was " + expected);
        }
    }

    /// Extended, so that the JDK leaves the check of the host name to it.
    private static final class Pin extends X509ExtendedTrustManager {
        private final Fingerprint fingerprint;

        Pin(Fingerprint fingerprint) {
            this.fingerprint = fingerprint;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            if (chain.length == 0) {
                throw new CertificateException("the server showed no certificate");
            }
            Fingerprint found = Fingerprint.of(chain[0].getPublicKey());
            if (!Secrets.same(found.text(), fingerprint.text())) {
                throw new WrongServerException(fingerprint, found);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            throw new CertificateException("this side dials only");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("this side dials only");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("this side dials only");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
