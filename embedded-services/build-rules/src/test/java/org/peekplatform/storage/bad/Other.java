package org.peekplatform.storage.bad;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.util.logging.Logger;

/// Other things that are not done here.
final class Other {
    private Other() {}

    static final class Logs {
        private final Logger log = Logger.getLogger("x");

        Logger log() {
            return log;
        }
    }

    static final class Deserializes {
        Object read(InputStream in) throws IOException, ClassNotFoundException {
            try (ObjectInputStream objects = new ObjectInputStream(in)) {
                return objects.readObject();
            }
        }
    }
}
