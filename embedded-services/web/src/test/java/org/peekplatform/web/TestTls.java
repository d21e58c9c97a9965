package org.peekplatform.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.peekplatform.web.identity.TlsIdentity;

/// Identities for sites of tests.
final class TestTls {
    private TestTls() {}

    static TlsIdentity identity() {
        try {
            Path folder = Files.createTempDirectory("peek-tls");
            TlsIdentity made = TlsIdentity.own(folder);
            Files.delete(folder.resolve("tls.pem"));
            Files.delete(folder);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
