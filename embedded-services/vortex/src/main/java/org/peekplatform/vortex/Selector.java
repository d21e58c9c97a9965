package org.peekplatform.vortex;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;

/// A selector as it travels: the name of a tuple type and a few named values, with one text form
/// that is its identity. The text form is described in the wire format.
public final class Selector {
    private static final int MAX_LENGTH = 4_096;
    private static final String VIEWER = "@viewer";

    private final String typeName;
    private final Map<String, String> key;
    private final String text;

    private Selector(String typeName, Map<String, String> key, String text) {
        this.typeName = typeName;
        this.key = key;
        this.text = text;
    }

    public static Selector of(String typeName, Map<String, String> key) {
        Map<String, String> sorted = Collections.unmodifiableMap(new TreeMap<>(key));
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartArray();
            json.writeString(typeName);
            sorted.forEach((name, value) -> json.writeString(name).writeString(value));
            json.writeEndArray();
        }
        Selector selector = new Selector(typeName, sorted, text.toString());
        if (selector.text.length() > MAX_LENGTH) {
            throw refused(
                    "a selector of " + typeName + " is longer than " + MAX_LENGTH + " characters");
        }
        return selector;
    }

    /// Reads the text form.
    ///
    /// @throws PeekException with `BAD_REQUEST` when `text` is not the one text form of a selector
    public static Selector parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw refused("a selector is longer than " + MAX_LENGTH + " characters");
        }
        List<String> parts = new ArrayList<>();
        try (JsonParser json = Json.FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw refused("a selector is not a JSON array: " + text);
            }
            while (json.nextToken() == JsonToken.VALUE_STRING) {
                parts.add(json.getString());
            }
        } catch (JacksonException e) {
            throw new PeekException(ErrorCode.BAD_REQUEST, "a selector is not JSON: " + text, e);
        }
        if (parts.size() % 2 == 0) {
            throw refused("a selector needs a type and pairs of name and value: " + text);
        }
        Map<String, String> key = new TreeMap<>();
        for (int i = 1; i < parts.size(); i += 2) {
            key.put(parts.get(i), parts.get(i + 1));
        }
        Selector selector = of(parts.getFirst(), key);
        if (!selector.text.equals(text)) {
            throw refused("a selector is not in its canonical form: " + text);
        }
        return selector;
    }

    public String typeName() {
        return typeName;
    }

    /// The same selector as `viewer` sees it, for types whose rows depend on the viewer.
    Selector forViewer(Caller viewer) {
        Map<String, String> more = new TreeMap<>(key);
        more.put(VIEWER, Callers.format(viewer));
        return of(typeName, more);
    }

    /// Whom [#forViewer] named; `null` for everybody.
    @Nullable String viewer() {
        return key.get(VIEWER);
    }

    Selector withoutViewer() {
        if (viewer() == null) {
            return this;
        }
        Map<String, String> less = new TreeMap<>(key);
        less.remove(VIEWER);
        return of(typeName, less);
    }

    /// Names and values, sorted by name; unmodifiable.
    public Map<String, String> key() {
        return key;
    }

    /// The canonical text, which is the selector's identity.
    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Selector that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    private static PeekException refused(String message) {
        return new PeekException(ErrorCode.BAD_REQUEST, message);
    }
}
