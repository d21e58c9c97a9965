package org.peekplatform.server.bad;

final class ImportsJackson {
    void use(tools.jackson.core.JsonParser library) {}
}
