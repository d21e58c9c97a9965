package org.peekplatform.vortex;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.peekplatform.api.Caller;

/// Services that dial over WebSockets on loopback.
class WebSocketPartiesTest extends PartiesContract {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Link.Acceptor, WebSocketEndpoint> endpoints = new ConcurrentHashMap<>();

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
    Link.Transport transport() {
        return Link.Transport.WEBSOCKET;
    }

    @Override
    void closeTransport() {
        http.shutdownNow();
        endpoints.values().forEach(WebSocketEndpoint::close);
    }
}
