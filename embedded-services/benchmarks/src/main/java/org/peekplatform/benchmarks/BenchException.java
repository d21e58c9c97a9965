package org.peekplatform.benchmarks;

/// A figure could not be measured; the message is a sentence for whoever runs the benchmarks.
public final class BenchException extends RuntimeException {
    public BenchException(String message) {
        super(message);
    }

    public BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
