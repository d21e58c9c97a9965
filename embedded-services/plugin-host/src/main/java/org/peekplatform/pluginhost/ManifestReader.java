package org.peekplatform.pluginhost;

import static org.peekplatform.pluginhost.Refusal.quote;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads a manifest and refuses what is not exactly as described.
final class ManifestReader {
    static final String FILE = "plugin_package.json";

    /// Services a manifest may name, in the order people read them.
    static final List<ServiceKind> SERVICES =
            List.of(
                    ServiceKind.SERVER,
                    ServiceKind.STORAGE,
                    ServiceKind.CLIENT,
                    ServiceKind.AGENT,
                    ServiceKind.WORKER,
                    ServiceKind.ADMIN,
                    ServiceKind.MOBILE,
                    ServiceKind.DESKTOP);

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{1,39}");
    private static final Pattern TABLE = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final Pattern CLASS_NAME =
            Pattern.compile("[A-Za-z_$][\\w$]*(\\.[A-Za-z_$][\\w$]*)+");
    private static final String RESERVED = "peek";
    private static final int LONGEST_TEXT = 200;
    private static final int DEEPEST = 16;

    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEEPEST)
                                                    .build())
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final Refusal refusal;

    ManifestReader(Refusal refusal) {
        this.refusal = refusal;
    }

    PluginManifest read(byte[] json) {
        Section root = new Section("", parse(json));
        root.only(
                "plugin",
                "requiresServices",
                "requires",
                "server",
                "storage",
                "client",
                "agent",
                "worker",
                "admin",
                "mobile",
                "desktop");
        PluginManifest.Plugin plugin = plugin(root.section("plugin"));
        Set<ServiceKind> services = services(root);
        PluginManifest.Requires requires = requires(root.optionalSection("requires"), plugin);
        for (ServiceKind service : SERVICES) {
            if (root.has(service.id()) && !services.contains(service)) {
                throw refuse(
                        "there is a section '%s', but 'requiresServices' does not name it; add \"%s\" there or remove the section"
                                .formatted(service.id(), service.id()));
            }
        }
        return new PluginManifest(
                plugin,
                List.copyOf(services),
                requires,
                services.contains(ServiceKind.SERVER)
                        ? new PluginManifest.Server(hookOnly(root.section("server")))
                        : null,
                services.contains(ServiceKind.STORAGE)
                        ? new PluginManifest.Storage(
                                root.optionalSection("storage")
                                        .map(this::reloadableTables)
                                        .orElse(List.of()))
                        : null,
                services.contains(ServiceKind.CLIENT)
                        ? new PluginManifest.Client(hookOnly(root.section("client")))
                        : null,
                services.contains(ServiceKind.AGENT)
                        ? new PluginManifest.Agent(hookOnly(root.section("agent")))
                        : null,
                services.contains(ServiceKind.WORKER)
                        ? new PluginManifest.Worker(hookOnly(root.section("worker")))
                        : null,
                services.contains(ServiceKind.ADMIN) ? admin(root.section("admin"), plugin) : null,
                services.contains(ServiceKind.MOBILE)
                        ? mobile(root.section("mobile"), plugin)
                        : null,
                services.contains(ServiceKind.DESKTOP)
                        ? desktop(root.section("desktop"), plugin)
                        : null);
    }

    private JsonNode parse(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            JsonNode tree = JSON.readTree(parser);
            if (tree == null || tree.isMissingNode()) {
                throw refuse("it is empty; write the manifest");
            }
            if (parser.nextToken() != null) {
                throw invalid(parser.currentTokenLocation(), "something follows its end", null);
            }
            return tree;
        } catch (StreamConstraintsException problem) {
            throw refusal.of(
                    "%s is nested deeper than %d or has overlong names or numbers; write it as documented"
                            .formatted(FILE, DEEPEST),
                    problem);
        } catch (JacksonException problem) {
            String reason =
                    problem.getOriginalMessage().lines().findFirst().orElse("it cannot be read");
            throw invalid(problem.getLocation(), reason, problem);
        }
    }

    private PeekException invalid(
            @Nullable TokenStreamLocation at, String reason, @Nullable Throwable cause) {
        String place =
                at == null
                        ? ""
                        : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
        return refusal.of(
                "%s is not valid JSON%s: %s; correct it there".formatted(FILE, place, reason),
                cause);
    }

    private PluginManifest.Plugin plugin(Section plugin) {
        plugin.only("name", "title", "version", "creator", "website");
        String name = plugin.text("name");
        if (!NAME.matcher(name).matches()) {
            throw refuse(
                    "'plugin.name' is %s, which is not a plugin name; use 2 to 40 of a-z, 0-9 and _, beginning with a letter"
                            .formatted(quote(name)));
        }
        if (name.equals(RESERVED)) {
            throw refuse(
                    "'plugin.name' is 'peek', which is reserved for the platform; choose another name");
        }
        String version = plugin.text("version");
        if (!VersionRange.isVersion(version)) {
            throw refuse(
                    "'plugin.version' is %s, which is not a semantic version; write it like 1.2.3"
                            .formatted(quote(version)));
        }
        Optional<String> website = plugin.optionalText("website");
        // It becomes a link in the administrators' pages, where another scheme could be a script.
        website.filter(url -> !url.matches("https?://\\S+"))
                .ifPresent(url -> {
                    throw refuse(
                            "'plugin.website' is %s, which is not a web address; begin it with https://"
                                    .formatted(quote(url)));
                });
        return new PluginManifest.Plugin(
                name,
                plugin.text("title"),
                version,
                plugin.optionalText("creator").orElse(null),
                website.orElse(null));
    }

    private Set<ServiceKind> services(Section root) {
        String allowed = SERVICES.stream().map(ServiceKind::id).collect(Collectors.joining(", "));
        JsonNode list = root.required("requiresServices");
        if (!list.isArray()) {
            throw refuse(
                    "'requiresServices' is %s; it must be a list of services, of %s"
                            .formatted(kindOf(list), allowed));
        }
        if (list.isEmpty()) {
            throw refuse("'requiresServices' is empty; name at least one of " + allowed);
        }
        Set<ServiceKind> services = EnumSet.noneOf(ServiceKind.class);
        for (JsonNode one : list) {
            if (!one.isString()) {
                throw refuse(
                        "'requiresServices' holds %s; it must be a list of services, of %s"
                                .formatted(kindOf(one), allowed));
            }
            String id = one.stringValue();
            ServiceKind service =
                    SERVICES.stream()
                            .filter(known -> known.id().equals(id))
                            .findFirst()
                            .orElseThrow(() ->
                                    refuse(
                                            "'requiresServices' names %s, which is no service; allowed are %s"
                                                    .formatted(quote(id), allowed)));
            if (!services.add(service)) {
                throw refuse(
                        "'requiresServices' names '%s' twice; remove one of them".formatted(id));
            }
        }
        if (services.contains(ServiceKind.STORAGE) && !services.contains(ServiceKind.SERVER)) {
            throw refuse(
                    "'requiresServices' names 'storage' without 'server', where storage is used; add \"server\"");
        }
        if (services.equals(EnumSet.of(ServiceKind.STORAGE))) {
            throw refuse("'requiresServices' names nothing but 'storage'; add \"server\"");
        }
        return services;
    }

    private PluginManifest.Requires requires(
            Optional<Section> requires, PluginManifest.Plugin plugin) {
        if (requires.isEmpty()) {
            return new PluginManifest.Requires(null, Map.of());
        }
        requires.get().only("platform", "plugins");
        Optional<String> platform = requires.get().optionalText("platform");
        platform.ifPresent(range -> checkRange("requires.platform", range));
        Map<String, String> plugins = new TreeMap<>();
        requires.get()
                .optionalSection("plugins")
                .ifPresent(section -> {
                    for (String name : section.names()) {
                        if (!NAME.matcher(name).matches()) {
                            throw refuse(
                                    "'requires.plugins' names %s, which is not a plugin name; use 2 to 40 of a-z, 0-9 and _, beginning with a letter"
                                            .formatted(quote(name)));
                        }
                        if (name.equals(plugin.name())) {
                            throw refuse(
                                    "'requires.plugins' names '%s', the plugin itself; remove it"
                                            .formatted(name));
                        }
                        String range = section.text(name);
                        checkRange("requires.plugins." + name, range);
                        plugins.put(name, range);
                    }
                });
        return new PluginManifest.Requires(platform.orElse(null), plugins);
    }

    private void checkRange(String path, String range) {
        if (VersionRange.parse(range).isEmpty()) {
            throw refuse(
                    "'%s' is %s, which is not a version range; write it like ^1.2.0 or >=1.0.0 <2.0.0"
                            .formatted(path, quote(range)));
        }
    }

    private String hookOnly(Section section) {
        section.only("entryHook");
        return section.hook().orElseThrow(() -> section.missing("entryHook"));
    }

    private List<String> reloadableTables(Section storage) {
        storage.only("reloadableTables");
        if (!storage.has("reloadableTables")) {
            return List.of();
        }
        JsonNode list = storage.required("reloadableTables");
        if (!list.isArray()) {
            throw refuse(
                    "'storage.reloadableTables' is %s; it must be a list of tables"
                            .formatted(kindOf(list)));
        }
        List<String> tables = new ArrayList<>();
        for (JsonNode one : list) {
            if (!one.isString()) {
                throw refuse(
                        "'storage.reloadableTables' holds %s; it must be a list of tables"
                                .formatted(kindOf(one)));
            }
            String table = one.stringValue();
            if (!TABLE.matcher(table).matches()) {
                throw refuse(
                        "'storage.reloadableTables' names %s, which is not the name of a table; write it without the schema, with a-z, 0-9 and _"
                                .formatted(quote(table)));
            }
            if (tables.contains(table)) {
                throw refuse(
                        "'storage.reloadableTables' names '%s' twice; remove one of them"
                                .formatted(table));
            }
            tables.add(table);
        }
        return tables;
    }

    private PluginManifest.Admin admin(Section admin, PluginManifest.Plugin plugin) {
        admin.only("entryHook", "module", "element", "showHomeLink", "homeLinkText", "icon");
        Optional<String> hook = admin.hook();
        Optional<String> module = admin.module("web/admin/");
        if (hook.isEmpty() && module.isEmpty()) {
            throw refuse(
                    "'admin' has neither 'entryHook' nor 'module'; give the class of the JavaFX part, the module of the web view, or both");
        }
        if (module.isEmpty() && admin.has("element")) {
            throw refuse("'admin.element' is there without 'admin.module'; add the module");
        }
        return new PluginManifest.Admin(
                hook.orElse(null),
                module.orElse(null),
                module.isPresent() ? admin.element(plugin) : null,
                admin.flag("showHomeLink", true),
                admin.optionalText("homeLinkText").orElse(plugin.title()),
                admin.icon(".png", ".svg").orElse(null));
    }

    private PluginManifest.Mobile mobile(Section mobile, PluginManifest.Plugin plugin) {
        mobile.only("module", "element", "showHomeLink", "homeLinkText", "icon");
        return new PluginManifest.Mobile(
                mobile.module("web/mobile/").orElseThrow(() -> mobile.missing("module")),
                mobile.element(plugin),
                mobile.flag("showHomeLink", true),
                mobile.optionalText("homeLinkText").orElse(plugin.title()),
                mobile.icon(".png", ".svg").orElse(null));
    }

    private PluginManifest.Desktop desktop(Section desktop, PluginManifest.Plugin plugin) {
        desktop.only(
                "entryHook",
                "module",
                "element",
                "viewText",
                "showHomeLink",
                "homeLinkText",
                "icon");
        Optional<String> hook = desktop.hook();
        // The client site serves it, as it does the view of the mobile app; often it is the same.
        Optional<String> module = desktop.module("web/mobile/");
        if (hook.isEmpty() && module.isEmpty()) {
            throw refuse(
                    "'desktop' has neither 'entryHook' nor 'module'; give the class of the JavaFX part, the module of the web view, or both");
        }
        for (String key : List.of("element", "viewText")) {
            if (module.isEmpty() && desktop.has(key)) {
                throw refuse(
                        "'desktop.%s' is there without 'desktop.module'; add the module"
                                .formatted(key));
            }
        }
        return new PluginManifest.Desktop(
                hook.orElse(null),
                module.orElse(null),
                module.isPresent() ? desktop.element(plugin) : null,
                desktop.optionalText("viewText").orElse(plugin.title()),
                desktop.flag("showHomeLink", true),
                desktop.optionalText("homeLinkText").orElse(plugin.title()),
                desktop.icon(".png").orElse(null));
    }

    private PeekException refuse(String sentence) {
        return refusal.of(FILE + ": " + sentence);
    }

    private static String kindOf(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            case NUMBER -> "a number";
            case OBJECT -> "an object";
            case STRING -> "a text";
            case MISSING -> "nothing";
            case BINARY, POJO -> "something else";
        };
    }

    /// The known name that takes the fewest changes to reach from `name`.
    static String nearest(String name, List<String> known) {
        String best = known.getFirst();
        int fewest = Integer.MAX_VALUE;
        for (String candidate : known) {
            int changes = changes(name, candidate);
            if (changes < fewest) {
                best = candidate;
                fewest = changes;
            }
        }
        return best;
    }

    private static int changes(String from, String to) {
        int[] row = new int[to.length() + 1];
        Arrays.setAll(row, i -> i);
        int compared = Math.min(from.length(), LONGEST_TEXT);
        for (int i = 1; i <= compared; i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                boolean same =
                        Character.toLowerCase(from.charAt(i - 1))
                                == Character.toLowerCase(to.charAt(j - 1));
                int replace = diagonal + (same ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }

    /// One object of the manifest.
    private final class Section {
        private final String path;
        private final JsonNode node;

        Section(String path, JsonNode node) {
            this.path = path;
            this.node = node;
            if (!node.isObject()) {
                throw refuse(
                        path.isEmpty()
                                ? "it holds %s; it must be an object in braces"
                                        .formatted(kindOf(node))
                                : "'%s' is %s; it must be an object in braces"
                                        .formatted(path, kindOf(node)));
            }
        }

        List<String> names() {
            return new ArrayList<>(node.propertyNames());
        }

        void only(String... known) {
            for (String name : names()) {
                if (!List.of(known).contains(name)) {
                    throw refuse(
                            "%s is not a known key; the nearest known one is '%s'"
                                    .formatted(
                                            quote(full(name)),
                                            full(nearest(name, List.of(known)))));
                }
            }
        }

        boolean has(String key) {
            return node.has(key);
        }

        JsonNode required(String key) {
            JsonNode value = node.get(key);
            if (value == null) {
                throw missing(key);
            }
            return value;
        }

        PeekException missing(String key) {
            return refuse("'%s' is missing; add it".formatted(full(key)));
        }

        Section section(String key) {
            return new Section(full(key), required(key));
        }

        Optional<Section> optionalSection(String key) {
            return has(key) ? Optional.of(section(key)) : Optional.empty();
        }

        String text(String key) {
            JsonNode value = required(key);
            if (!value.isString()) {
                throw refuse(
                        "'%s' is %s; it must be a text in quotes"
                                .formatted(full(key), kindOf(value)));
            }
            String text = value.stringValue();
            if (text.isBlank()) {
                throw refuse("'%s' is blank; fill it in".formatted(full(key)));
            }
            if (text.length() > LONGEST_TEXT) {
                throw refuse(
                        "'%s' has %d characters; shorten it to %d"
                                .formatted(full(key), text.length(), LONGEST_TEXT));
            }
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw refuse(
                        "'%s' is %s, which holds control characters; remove them"
                                .formatted(full(key), quote(text)));
            }
            return text;
        }

        Optional<String> optionalText(String key) {
            return has(key) ? Optional.of(text(key)) : Optional.empty();
        }

        boolean flag(String key, boolean otherwise) {
            @Nullable JsonNode value = node.get(key);
            if (value == null) {
                return otherwise;
            }
            if (!value.isBoolean()) {
                throw refuse(
                        "'%s' is %s; it must be true or false, without quotes"
                                .formatted(full(key), kindOf(value)));
            }
            return value.booleanValue();
        }

        Optional<String> hook() {
            Optional<String> hook = optionalText("entryHook");
            hook.filter(name -> !CLASS_NAME.matcher(name).matches())
                    .ifPresent(name -> {
                        throw refuse(
                                "'%s' is %s, which is not a full class name; write it like com.example.outage.OutageServer"
                                        .formatted(full("entryHook"), quote(name)));
                    });
            return hook;
        }

        Optional<String> module(String folder) {
            Optional<String> module = optionalText("module");
            module.filter(file -> !file.startsWith(folder) || !file.endsWith(".js"))
                    .ifPresent(file -> {
                        throw refuse(
                                "'%s' is %s; it must be a file ending in .js below %s"
                                        .formatted(full("module"), quote(file), folder));
                    });
            return module;
        }

        String element(PluginManifest.Plugin plugin) {
            String element = text("element");
            String prefix = plugin.name().replace('_', '-') + "-";
            if (!element.startsWith(prefix) || !element.matches("[a-z0-9-]*[a-z0-9]")) {
                throw refuse(
                        "'%s' is %s; it must begin with '%s' and go on with a-z, 0-9 and -"
                                .formatted(full("element"), quote(element), prefix));
            }
            return element;
        }

        Optional<String> icon(String... endings) {
            Optional<String> icon = optionalText("icon");
            icon.filter(file ->
                            !file.startsWith("web/")
                                    || Arrays.stream(endings).noneMatch(file::endsWith))
                    .ifPresent(file -> {
                        throw refuse(
                                "'%s' is %s; it must be a file ending in %s below web/"
                                        .formatted(
                                                full("icon"),
                                                quote(file),
                                                String.join(" or ", endings)));
                    });
            return icon;
        }

        private String full(String key) {
            return path.isEmpty() ? key : path + "." + key;
        }
    }
}
