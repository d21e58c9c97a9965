package org.peekplatform.web.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peekplatform.api.PeekException;

class TlsIdentityTest {
    @TempDir Path folder;

    @Test
    void aHomeKeepsItsKey() throws IOException {
        TlsIdentity first = TlsIdentity.own(folder.resolve("identity"));

        assertThat(TlsIdentity.own(folder.resolve("identity")).fingerprint())
                .isEqualTo(first.fingerprint());
        assertThat(TlsIdentity.own(folder.resolve("other")).fingerprint())
                .isNotEqualTo(first.fingerprint());
        Path file = folder.resolve("identity/tls.pem");
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(file.getParent())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void anAdministratorsFilesAreTakenInOneOrTwo() throws IOException {
        TlsIdentity own = TlsIdentity.own(folder);
        String pem = Files.readString(folder.resolve("tls.pem"));
        int split = pem.indexOf("-----BEGIN CERTIFICATE");
        Path key = Files.writeString(folder.resolve("a.key"), pem.substring(0, split));
        Path certificate = Files.writeString(folder.resolve("a.crt"), pem.substring(split));

        assertThat(TlsIdentity.read(certificate, key).fingerprint()).isEqualTo(own.fingerprint());
        assertThat(TlsIdentity.read(certificate, key).covers("localhost")).isTrue();
        assertThat(TlsIdentity.read(certificate, key).covers("example.org")).isFalse();
    }

    @Test
    void filesThatCannotBeUsedAreNamedWithTheReason() throws IOException {
        TlsIdentity.own(folder);
        TlsIdentity.own(folder.resolve("other"));
        Path good = folder.resolve("tls.pem");
        Path other = folder.resolve("other/tls.pem");
        Path text = Files.writeString(folder.resolve("text.pem"), "hello");
        Path damaged =
                Files.writeString(
                        folder.resolve("damaged.pem"),
                        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Path none = folder.resolve("none.pem");

        refused(none, good, none, "it cannot be read (NoSuchFileException)");
        refused(text, good, text, "there is no certificate in it; it must be a PEM file");
        refused(
                good,
                text,
                text,
                "there is no key in it; it must be a PEM file that is not encrypted");
        refused(good, other, other, "it does not belong to " + good);
        assertThatThrownBy(() -> TlsIdentity.read(damaged, good))
                .isInstanceOf(PeekException.class)
                .hasMessageStartingWith("the file " + damaged + " cannot be used for TLS: ");
    }

    private static void refused(Path certificate, Path key, Path named, String why) {
        assertThatThrownBy(() -> TlsIdentity.read(certificate, key))
                .isInstanceOf(PeekException.class)
                .hasMessage("the file " + named + " cannot be used for TLS: " + why);
    }
}
