package org.peekplatform.launcher;

import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.peekplatform.pluginhost.PluginStatus;
import org.peekplatform.vortex.LinkState;
import org.peekplatform.vortex.Sentences;
import org.peekplatform.web.Health;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Writes what a service says of itself at `/health`.
///
/// @param since when the state was reached
/// @param problem of the service as a whole, in a sentence; one that has it does not serve
record HealthReport(
        String service,
        String version,
        State state,
        Instant since,
        @Nullable String problem,
        List<PluginStatus> plugins,
        List<UpstreamLink> links) {
    private static final JsonFactory JSON = new JsonFactory();

    /// How a service is; `RUNNING` only when all of it is.
    enum State {
        STARTING,
        RUNNING,
        DEGRADED,
        FAILED,
        STOPPING
    }

    /// A link to another service.
    record UpstreamLink(String to, LinkState state) {
        boolean isUp() {
            return state instanceof LinkState.Online;
        }
    }

    Health health() {
        boolean serving = state == State.RUNNING || state == State.DEGRADED;
        return new Health(serving && problem == null, json());
    }

    private String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject()
                    .writeStringProperty("service", service)
                    .writeStringProperty("version", version)
                    .writeStringProperty("state", lower(state))
                    .writeStringProperty("since", since.toString());
            if (problem != null) {
                json.writeStringProperty("problem", Sentences.of(problem));
            }
            json.writeArrayPropertyStart("plugins");
            plugins.forEach(plugin -> write(plugin, json));
            json.writeEndArray().writeArrayPropertyStart("links");
            links.forEach(link -> write(link, json));
            json.writeEndArray().writeEndObject();
        }
        return text.toString();
    }

    private static void write(PluginStatus plugin, JsonGenerator json) {
        json.writeStartObject()
                .writeStringProperty("name", plugin.name())
                .writeStringProperty("version", plugin.version())
                .writeStringProperty("state", lower(plugin.state()));
        String problem = plugin.problem();
        if (problem != null) {
            json.writeStringProperty("problem", Sentences.of(problem));
        }
        json.writeEndObject();
    }

    private static void write(UpstreamLink link, JsonGenerator json) {
        json.writeStartObject().writeStringProperty("to", link.to());
        switch (link.state()) {
            case LinkState.Online online ->
                    json.writeStringProperty("state", "online")
                            .writeStringProperty("version", online.version());
            case LinkState.Offline offline ->
                    json.writeStringProperty("state", "offline")
                            .writeStringProperty("problem", offline.why());
            case LinkState.Connecting _ -> json.writeStringProperty("state", "connecting");
            case LinkState.Closed _ -> json.writeStringProperty("state", "closed");
        }
        json.writeEndObject();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
