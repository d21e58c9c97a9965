package org.peekplatform.benchmarks;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Writes figures for people and for programs.
final class Report {
    private static final JsonFactory JSON = new JsonFactory();
    private static final List<String> HEADINGS =
            List.of("figure", "median", "min–max", "baseline", "ratio", "target", "");

    private Report() {}

    /// A table, and below it the notes.
    static String table(List<Figure> figures) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        figures.forEach(figure -> rows.add(row(figure)));
        int[] widths = new int[HEADINGS.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String gap = " ".repeat(widths[i] - row.get(i).length());
                boolean isNumber = i >= 1 && i <= 4;
                line.append(isNumber ? gap + row.get(i) : row.get(i) + gap).append("  ");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        for (Figure figure : figures) {
            for (String note : figure.notes()) {
                text.append("  ").append(figure.title()).append(": ").append(note).append('\n');
            }
        }
        return text.toString();
    }

    /// One line.
    static String json(Figure figure) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            Sample baseline = figure.baseline();
            json.writeStartObject()
                    .writeStringProperty("id", figure.id())
                    .writeNumberProperty("value", rounded(figure.ours().median()))
                    .writeStringProperty("unit", figure.unit())
                    .writeNumberProperty("min", rounded(figure.ours().min()))
                    .writeNumberProperty("max", rounded(figure.ours().max()));
            number(json, "baseline", baseline == null ? null : baseline.median());
            number(json, "ratio", figure.ratio());
            json.writeStringProperty("target", figure.target().text(figure.unit()));
            Boolean ok = figure.ok();
            if (ok == null) {
                json.writeNullProperty("ok");
            } else {
                json.writeBooleanProperty("ok", ok);
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void number(JsonGenerator json, String name, @Nullable Double value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, rounded(value));
        }
    }

    private static List<String> row(Figure figure) {
        Sample baseline = figure.baseline();
        Double ratio = figure.ratio();
        Boolean ok = figure.ok();
        return List.of(
                figure.title(),
                amount(figure.ours().median()) + " " + figure.unit(),
                amount(figure.ours().min()) + "–" + amount(figure.ours().max()),
                baseline == null ? "–" : amount(baseline.median()) + " " + figure.unit(),
                ratio == null ? "–" : String.format(Locale.ROOT, "%.2f", ratio),
                figure.target().text(figure.unit()),
                ok == null ? "" : ok ? "met" : "MISSED");
    }

    private static String amount(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
