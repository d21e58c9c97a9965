package org.peekplatform.api;

/// Something registered with the host, which closing withdraws. Closing twice does nothing the
/// second time. A plugin needs to close one only to withdraw it before the plugin stops.
@FunctionalInterface
public interface Registration extends AutoCloseable {
    @Override
    void close();
}
