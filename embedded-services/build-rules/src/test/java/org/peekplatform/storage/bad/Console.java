package org.peekplatform.storage.bad;

import java.io.PrintWriter;
import java.io.StringWriter;

/// One way to the console in each class; [Clean] has none.
final class Console {
    private Console() {}

    static final class Out {
        void print() {
            System.out.println();
        }
    }

    static final class Err {
        void print() {
            System.err.println();
        }
    }

    static final class Trace {
        void print(IllegalStateException e) {
            e.printStackTrace();
        }
    }

    static final class Clean {
        String trace(IllegalStateException e) {
            StringWriter text = new StringWriter();
            e.printStackTrace(new PrintWriter(text));
            return text.toString();
        }
    }
}
