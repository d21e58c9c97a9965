package org.peekplatform.vortex;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.peekplatform.api.Caller;

/// Calls over plain HTTP on loopback.
class HttpStreamRpcTest extends RpcContract {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Link.Acceptor, HttpStreamEndpoint> endpoints = new ConcurrentHashMap<>();

    @Override
    LinkDialer dialer(Link.Acceptor service, Caller caller) {
        HttpStreamEndpoint endpoint = endpoints.computeIfAbsent(service, HttpStreamEndpoint::new);
        String token = endpoint.tokenOf(caller);
        return new HttpStreamDialer(
                http,
                URI.create("http://127.0.0.1:" + endpoint.port() + "/vortex/stream"),
                () -> Map.of("Authorization", token),
                false);
    }

    @Override
    void closeTransport() {
        http.shutdownNow();
        endpoints.values().forEach(HttpStreamEndpoint::close);
    }
}
