package org.peekplatform.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The rows of one selector as a device holds them; their order is left out.
final class DeviceRows {
    private final Map<String, JsonNode> rows = new LinkedHashMap<>();

    /// Takes in a `snapshot` or `delta`; leaves everything else alone.
    void apply(Wire.Received frame) {
        switch (frame.kind()) {
            case "snapshot" -> {
                JsonNode content = frame.json();
                rows.clear();
                for (int i = 0; i < content.path("rows").size(); i++) {
                    rows.put(
                            content.path("keys").path(i).asString(""),
                            content.path("rows").path(i));
                }
            }
            case "delta" -> {
                JsonNode content = frame.json();
                content.path("remove").forEach(key -> rows.remove(key.asString("")));
                content.path("put").forEach(put -> rows.put(put.path(1).asString(""), put.path(2)));
            }
            default -> {}
        }
    }

    Map<String, JsonNode> all() {
        return rows;
    }
}
