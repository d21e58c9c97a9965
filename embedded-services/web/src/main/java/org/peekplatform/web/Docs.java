package org.peekplatform.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// The documentation of the platform at `/docs`, made from its Markdown files when somebody reads
/// it.
final class Docs {
    private static final String ROOT = "peek/docs";
    private static final Pattern PAGE =
            Pattern.compile("(/[a-z0-9][A-Za-z0-9-]*)*/[A-Za-z0-9][A-Za-z0-9-]*\\.md");
    private static final Pattern IMAGE = Pattern.compile("/images/[a-z0-9-]+\\.png");
    private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());

    private final Parser parser = Parser.builder().extensions(EXTENSIONS).build();
    private final HtmlRenderer html =
            HtmlRenderer.builder()
                    .extensions(EXTENSIONS)
                    .escapeHtml(true)
                    .sanitizeUrls(true)
                    .attributeProviderFactory(context -> Docs::anchor)
                    .build();

    void addTo(RoutesConfig routes) {
        routes.get("/docs", this::serve);
        routes.get("/docs/*", this::serve);
    }

    private void serve(Context request) {
        String path = request.path().substring("/docs".length());
        if (path.isEmpty()) {
            request.redirect("/docs/");
            return;
        }
        if (path.equals("/docs.css")) {
            answer(request, "text/css; charset=utf-8", read(path));
        } else if (IMAGE.matcher(path).matches()) {
            answer(request, "image/png", read(path));
        } else if (path.equals("/")) {
            answer(request, "text/html; charset=utf-8", read("/README.md").map(this::page));
        } else if (PAGE.matcher(path).matches()) {
            answer(request, "text/html; charset=utf-8", read(path).map(this::page));
        } else {
            answer(request, "", Optional.empty());
        }
    }

    private static void answer(Context request, String type, Optional<byte[]> found) {
        byte[] bytes =
                found.orElseThrow(() ->
                        new PeekException(
                                ErrorCode.NOT_OFFERED,
                                "There is no page " + request.path() + " in the documentation."));
        request.contentType(type).result(bytes);
    }

    private byte[] page(byte[] markdown) {
        Node document = parser.parse(new String(markdown, StandardCharsets.UTF_8));
        String text =
                """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s – Peek</title>
                <link rel="stylesheet" href="/docs/docs.css">
                </head>
                <body>
                <header><a href="/docs/">Peek documentation</a></header>
                <main>
                %s</main>
                </body>
                </html>
                """
                        .formatted(escape(title(document)), html.render(document));
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Gives headings the id that links to them expect: their words in lower case, joined by
    /// hyphens.
    private static void anchor(Node node, String tag, Map<String, String> attributes) {
        if (node instanceof Heading) {
            String words = words(node).toLowerCase(Locale.ROOT).replaceAll("[^\\p{Alnum} _-]", "");
            attributes.put("id", words.strip().replace(' ', '-'));
        }
    }

    private static String words(Node node) {
        StringBuilder words = new StringBuilder();
        node.accept(
                new AbstractVisitor() {
                    @Override
                    public void visit(Text text) {
                        words.append(text.getLiteral());
                    }

                    @Override
                    public void visit(Code code) {
                        words.append(code.getLiteral());
                    }
                });
        return words.toString();
    }

    private static String title(Node document) {
        for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof Heading) {
                return words(node);
            }
        }
        return "Documentation";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static Optional<byte[]> read(String path) {
        try (InputStream in = Docs.class.getClassLoader().getResourceAsStream(ROOT + path)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + ROOT + path, e);
        }
    }
}
