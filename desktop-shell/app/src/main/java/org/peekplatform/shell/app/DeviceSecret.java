package org.peekplatform.shell.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.launcher.Home;

/// What the client site knows this workstation again by, as it knows a browser by its cookie. In
/// the home's data folder, which only its owner can read.
final class DeviceSecret {
    private static final int BYTES = 24;

    private DeviceSecret() {}

    static String of(Home home) {
        Path file = home.data().resolve("workstation.device");
        try {
            if (Files.notExists(file)) {
                byte[] random = new byte[BYTES];
                new SecureRandom().nextBytes(random);
                Files.writeString(
                        file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new PeekException(ErrorCode.INTERNAL, file + " cannot be read or written", e);
        }
    }
}
