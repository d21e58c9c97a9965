package org.peekplatform.launcher;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/// The text of a JSON file together with the place of every value in it, so that one value can be
/// changed while order, comments and everything unknown stay as they are.
///
/// Comments and trailing commas are understood, as people write them.
final class ConfigText {
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                    .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();
    private static final String INDENT = "  ";

    private final String text;
    private final Section root;

    /// The file is not JSON. The message says what is wrong without saying where.
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final int line;
        private final int column;

        MalformedException(String message, int line, int column) {
            super(message);
            this.line = line;
            this.column = column;
        }

        int line() {
            return line;
        }

        int column() {
            return column;
        }
    }

    /// A value and where it stands: from character `start` up to, not including, `end`.
    sealed interface Node {
        int start();

        int end();

        int line();
    }

    /// @param value a `String`, `Long`, `Double` or `Boolean`, or null
    record Scalar(@Nullable Object value, int start, int end, int line) implements Node {}

    record Section(Map<String, Node> members, int start, int end, int line) implements Node {}

    record Sequence(List<Node> elements, int start, int end, int line) implements Node {}

    private ConfigText(String text, Section root) {
        this.text = text;
        this.root = root;
    }

    static ConfigText read(String text) throws MalformedException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new MalformedException("it is empty", 1, 1);
            }
            if (!(node(parser, first) instanceof Section section)) {
                throw new MalformedException("it does not begin with {", 1, 1);
            }
            JsonToken more = parser.nextToken();
            if (more != null) {
                TokenStreamLocation at = parser.currentTokenLocation();
                throw new MalformedException(
                        "something follows after the end", at.getLineNr(), at.getColumnNr());
            }
            return new ConfigText(text, section);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            throw new MalformedException(
                    withoutPlaces(e.getOriginalMessage()),
                    at == null ? 1 : at.getLineNr(),
                    at == null ? 1 : at.getColumnNr());
        }
    }

    /// The parser's message names further places in a form that tells nobody anything.
    private static String withoutPlaces(String message) {
        String first = message.lines().findFirst().orElse(message);
        return first.replaceAll(" \\((start marker|for \\w+ starting) at .*", "");
    }

    private static Node node(JsonParser parser, JsonToken token) {
        TokenStreamLocation location = parser.currentTokenLocation();
        int start = (int) location.getCharOffset();
        int line = location.getLineNr();
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Node> members = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = parser.currentName();
                    members.put(name, node(parser, parser.nextToken()));
                }
                yield new Section(members, start, end(parser), line);
            }
            case START_ARRAY -> {
                List<Node> elements = new ArrayList<>();
                for (JsonToken next = parser.nextToken();
                        next != JsonToken.END_ARRAY;
                        next = parser.nextToken()) {
                    elements.add(node(parser, next));
                }
                yield new Sequence(elements, start, end(parser), line);
            }
            case VALUE_STRING -> new Scalar(parser.getString(), start, end(parser), line);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                Object value = number(parser.getString());
                yield new Scalar(value, start, end(parser), line);
            }
            case VALUE_TRUE -> new Scalar(true, start, end(parser), line);
            case VALUE_FALSE -> new Scalar(false, start, end(parser), line);
            case VALUE_NULL -> new Scalar(null, start, end(parser), line);
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
                    throw new IllegalStateException("JSON parser gave " + token + " for a value");
        };
    }

    private static Object number(String digits) {
        try {
            return Long.valueOf(digits);
        } catch (NumberFormatException e) {
            return Double.valueOf(digits);
        }
    }

    private static int end(JsonParser parser) {
        return (int) parser.currentLocation().getCharOffset();
    }

    String text() {
        return text;
    }

    Section root() {
        return root;
    }

    /// What stands at `path`; null when nothing does.
    @Nullable Node find(String path) {
        Node node = root;
        for (String name : path.split("\\.", -1)) {
            node = node instanceof Section section ? section.members().get(name) : null;
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    /// The text with `value` at `path`: in place of what stands there, or added at the end of the
    /// innermost section that exists.
    ConfigText with(String path, Object value) throws MalformedException {
        Section section = root;
        String[] names = path.split("\\.", -1);
        for (int depth = 0; depth < names.length; depth++) {
            Node member = section.members().get(names[depth]);
            if (member == null) {
                return read(insert(section, names, depth, literal(value)));
            }
            if (depth == names.length - 1 || !(member instanceof Section inner)) {
                if (depth < names.length - 1) {
                    throw new MalformedException(
                            names[depth] + " is not a section", member.line(), 1);
                }
                return read(
                        text.substring(0, member.start())
                                + literal(value)
                                + text.substring(member.end()));
            }
            section = inner;
        }
        throw new IllegalArgumentException("path is empty");
    }

    private String insert(Section section, String[] names, int depth, String literal) {
        StringBuilder member = new StringBuilder();
        for (int level = depth; level < names.length - 1; level++) {
            member.append(literal(names[level])).append(": {\n").append(INDENT.repeat(level + 2));
        }
        member.append(literal(names[names.length - 1])).append(": ").append(literal);
        for (int level = names.length - 2; level >= depth; level--) {
            member.append('\n').append(INDENT.repeat(level + 1)).append('}');
        }
        String indented = "\n" + INDENT.repeat(depth + 1) + member;
        if (section.members().isEmpty()) {
            // A comment may stand in the empty section; the member goes before it.
            int afterBrace = section.start() + 1;
            String rest = text.substring(afterBrace);
            String closing = rest.startsWith("}") ? "\n" + INDENT.repeat(depth) : "";
            return text.substring(0, afterBrace) + indented + closing + rest;
        }
        int last = 0;
        for (Node node : section.members().values()) {
            last = Math.max(last, node.end());
        }
        // A comment behind the last value stays with it.
        int lineEnd = text.indexOf('\n', last);
        String behind = lineEnd < 0 ? "" : text.substring(last, lineEnd).strip();
        boolean hasComma = behind.startsWith(",");
        String comment = hasComma ? behind.substring(1).strip() : behind;
        int place = comment.startsWith("//") ? lineEnd : last;
        return text.substring(0, last)
                + (hasComma && place > last ? "" : ",")
                + text.substring(last, place)
                + indented
                + text.substring(place);
    }

    static String literal(Object value) {
        if (!(value instanceof String string)) {
            return String.valueOf(value);
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' ') {
                        quoted.append("\\u%04x".formatted((int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
