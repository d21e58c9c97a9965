package org.peekplatform.vortex;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.HashMap;
import java.util.Map;
import org.peekplatform.api.Caller;

/// Calls over WebSockets on loopback.
class WebSocketRpcTest extends RpcContract {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Link.Acceptor, WebSocketEndpoint> endpoints = new HashMap<>();

    @Override
    LinkDialer dialer(Link.Acceptor service, Caller caller) {
        WebSocketEndpoint endpoint = endpoints.computeIfAbsent(service, WebSocketEndpoint::new);
        String token = endpoint.tokenOf(caller);
        return new HttpWebSocketDialer(
                http,
                URI.create("ws://127.0.0.1:" + endpoint.port() + "/vortex"),
                () -> Map.of("Authorization", token));
    }

    @Override
    void closeTransport() {
        http.shutdownNow();
        endpoints.values().forEach(WebSocketEndpoint::close);
    }
}
