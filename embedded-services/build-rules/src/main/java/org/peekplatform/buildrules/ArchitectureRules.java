package org.peekplatform.buildrules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The rules of the house. Each says in its reason what to do when it fails.
public final class ArchitectureRules {
    private static final String OURS = "org.peekplatform.";

    /// A library that only some modules may know, by the packages it consists of.
    private record Library(Set<Module> users, String cure, List<String> prefixes) {}

    private static final List<Library> LIBRARIES =
            List.of(
                    new Library(
                            EnumSet.of(
                                    Module.WEB, Module.SERVER, Module.CLIENT, Module.ADMIN_SERVICE),
                            "sites and routes belong to the web module; offer a method there and call it",
                            List.of("io.javalin.", "org.eclipse.jetty.", "jakarta.servlet.")),
                    new Library(
                            EnumSet.of(
                                    Module.VORTEX,
                                    Module.STORAGE,
                                    Module.QUEUE,
                                    Module.PLUGIN_HOST,
                                    Module.WEB,
                                    Module.ADMIN_SERVICE,
                                    Module.LAUNCHER),
                            "JSON is read and written where it enters and leaves; pass records on instead",
                            List.of("tools.jackson.", "com.fasterxml.jackson.")),
                    new Library(
                            EnumSet.of(Module.STORAGE),
                            "databases, pools and migrations belong to the storage module; use its methods",
                            List.of(
                                    "org.flywaydb.",
                                    "org.h2.",
                                    "org.postgresql.",
                                    "com.zaxxer.hikari.")),
                    new Library(
                            EnumSet.of(
                                    Module.STORAGE,
                                    Module.API_STORAGE,
                                    Module.SERVER,
                                    Module.QUEUE,
                                    Module.PLUGINS),
                            "SQL belongs to the storage module and, through PluginStorage, to the server's"
                                    + " catalogue, the task queue and plugins; add a method to"
                                    + " storage",
                            List.of("org.jooq.")),
                    new Library(
                            EnumSet.of(
                                    Module.API_DESKTOP,
                                    Module.SHELL_MODEL,
                                    Module.SHELL_UI,
                                    Module.SHELL_APP,
                                    Module.PLUGINS),
                            "services must start without JavaFX; put what shows something into desktop-shell",
                            List.of("javafx.")),
                    new Library(
                            EnumSet.of(Module.SHELL_UI, Module.SHELL_APP, Module.PLUGINS),
                            "how the workstation looks is decided in desktop-shell/ui",
                            List.of("atlantafx.", "org.kordamp.ikonli.")),
                    new Library(
                            EnumSet.of(Module.WEB),
                            "certificates are made and read in the web module; use its TlsIdentity",
                            List.of("org.bouncycastle.")),
                    new Library(
                            EnumSet.of(Module.ADMIN_SERVICE),
                            "QR codes are made by the admin; hand their squares on",
                            List.of("com.google.zxing.")),
                    new Library(
                            EnumSet.of(Module.LAUNCHER),
                            "the command line belongs to the launcher; hand over what was parsed",
                            List.of("picocli.")),
                    new Library(
                            EnumSet.of(Module.LAUNCHER),
                            "code logs through SLF4J; the launcher alone knows where logs go",
                            List.of("ch.qos.logback.")),
                    new Library(
                            EnumSet.of(Module.PLUGIN_HOST),
                            "versions of plugins are compared in the plugin host",
                            List.of("org.semver4j.")));

    private ArchitectureRules() {}

    /// Every rule, to be checked over all classes of the product except those of this module.
    public static List<ArchRule> all() {
        List<ArchRule> rules = new ArrayList<>();
        for (Module module : Module.values()) {
            rules.add(arrow(module));
        }
        for (Library library : LIBRARIES) {
            rules.add(onlyIn(library));
        }
        rules.add(pluginsKeepToThemselves());
        rules.add(everyClassBelongsToAModule());
        rules.add(threadsComeFromThePlatform());
        rules.add(slf4jOnly());
        rules.add(nobodyPrints());
        rules.add(packagesAreNullMarked());
        rules.add(noJavaSerialization());
        return List.copyOf(rules);
    }

    private static ArchRule arrow(Module module) {
        Set<Module> allowed = module.mayImport();
        String names =
                allowed.isEmpty()
                        ? "nothing else of Peek"
                        : "nothing of Peek but "
                                + allowed.stream()
                                        .map(Module::folder)
                                        .collect(Collectors.joining(", "));
        return classes()
                .that(belongTo(module))
                .should()
                .onlyDependOnClassesThat(
                        matches(
                                "belong to it, to those modules or to foreign code",
                                type ->
                                        !type.getPackageName().startsWith(OURS)
                                                || Module.of(type.getPackageName())
                                                        .filter(owner ->
                                                                owner == module
                                                                        || allowed.contains(owner))
                                                        .isPresent()))
                .because(
                        module.folder()
                                + " imports "
                                + names
                                + ": move the code, or declare a port in the module that needs it"
                                + " and pass the implementation to its constructor in the"
                                + " composition root");
    }

    private static ArchRule onlyIn(Library library) {
        String users =
                library.users().stream().map(Module::folder).collect(Collectors.joining(", "));
        return noClasses()
                .that(
                        matches(
                                "do not belong to " + users,
                                type ->
                                        Module.of(type.getPackageName())
                                                .filter(library.users()::contains)
                                                .isEmpty()))
                .should()
                .dependOnClassesThat(
                        matches(
                                "belong to " + String.join("*, ", library.prefixes()) + "*",
                                type ->
                                        library.prefixes().stream()
                                                .anyMatch(type.getName()::startsWith)))
                .because(library.cure());
    }

    private static ArchRule pluginsKeepToThemselves() {
        return classes()
                .that(belongTo(Module.PLUGINS))
                .should(
                        new ArchCondition<>("not depend on the code of other plugins") {
                            @Override
                            public void check(JavaClass type, ConditionEvents events) {
                                String own = pluginOf(type);
                                type.getDirectDependenciesFromSelf().stream()
                                        .filter(dependency ->
                                                Module.PLUGINS.owns(dependency.getTargetClass()))
                                        .filter(dependency ->
                                                !pluginOf(dependency.getTargetClass()).equals(own))
                                        .forEach(dependency ->
                                                events.add(
                                                        SimpleConditionEvent.violated(
                                                                type,
                                                                dependency.getDescription())));
                            }
                        })
                .because(
                        "each plugin has a class loader of its own and will not find them at run"
                                + " time; exchange tuples and actions instead");
    }

    private static String pluginOf(JavaClass type) {
        String rest = type.getPackageName().substring(Module.PLUGINS.rootPackage().length());
        return rest.isEmpty() ? "" : rest.substring(1).split("\\.", 2)[0];
    }

    private static ArchRule everyClassBelongsToAModule() {
        return classes()
                .should(
                        new ArchCondition<>("belong to a module") {
                            @Override
                            public void check(JavaClass type, ConditionEvents events) {
                                boolean known =
                                        Module.of(type.getPackageName()).isPresent()
                                                || type.getSimpleName().equals("module-info");
                                events.add(
                                        new SimpleConditionEvent(
                                                type,
                                                known,
                                                type.getName() + " belongs to no known module"));
                            }
                        })
                .because(
                        "a module has one root package; move the class there, or add the new module"
                                + " and its arrows to build-rules' Module and to the house plan");
    }

    private static ArchRule threadsComeFromThePlatform() {
        return noClasses()
                .that(
                        matches(
                                "are neither PlatformThreads nor of the launcher",
                                type ->
                                        !type.getName().startsWith(OURS + "vortex.PlatformThreads")
                                                && !Module.LAUNCHER.owns(type)))
                .should(
                        new ArchCondition<>("create threads or executors") {
                            @Override
                            public void check(JavaClass type, ConditionEvents events) {
                                type.getAccessesFromSelf().stream()
                                        .filter(ArchitectureRules::createsThreads)
                                        .forEach(access ->
                                                events.add(
                                                        SimpleConditionEvent.satisfied(
                                                                type, access.getDescription())));
                                if (type.isAssignableTo(Thread.class)) {
                                    events.add(
                                            SimpleConditionEvent.satisfied(
                                                    type, type.getName() + " is a Thread"));
                                }
                            }
                        })
                .because(
                        "threads need a name, a handler for uncaught exceptions, a class loader and"
                                + " an owner; take them from vortex.PlatformThreads, and in plugins"
                                + " from context.tasks()");
    }

    private static boolean createsThreads(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        JavaClass owner = target.getOwner();
        String name = target.getName();
        boolean constructor = name.equals("<init>");
        if (owner.isEquivalentTo(Thread.class)) {
            return constructor
                    || Set.of("ofVirtual", "ofPlatform", "startVirtualThread").contains(name);
        }
        if (owner.isEquivalentTo(java.util.concurrent.Executors.class)) {
            return name.startsWith("new") || name.equals("defaultThreadFactory");
        }
        if (owner.isEquivalentTo(java.util.concurrent.CompletableFuture.class)) {
            // Without an executor they run in the common pool, which nobody owns.
            return name.endsWith("Async")
                    && target instanceof AccessTarget.CodeUnitAccessTarget call
                    && call.getRawParameterTypes().stream()
                            .noneMatch(type ->
                                    type.isEquivalentTo(java.util.concurrent.Executor.class));
        }
        return constructor
                && (owner.isAssignableTo(java.util.concurrent.ThreadPoolExecutor.class)
                        || owner.isAssignableTo(java.util.concurrent.ForkJoinPool.class)
                        || owner.isAssignableTo(java.util.Timer.class));
    }

    private static ArchRule slf4jOnly() {
        return noClasses()
                .that(notOf(Module.LAUNCHER))
                .should(
                        new ArchCondition<>("log through java.util.logging") {
                            @Override
                            public void check(JavaClass type, ConditionEvents events) {
                                // Calls, not types: DataSource makes implementers name its Logger.
                                type.getAccessesFromSelf().stream()
                                        .filter(access ->
                                                access.getTargetOwner()
                                                        .getPackageName()
                                                        .equals("java.util.logging"))
                                        .forEach(access ->
                                                events.add(
                                                        SimpleConditionEvent.satisfied(
                                                                type, access.getDescription())));
                            }
                        })
                .because("code logs through SLF4J: LoggerFactory.getLogger(TheClass.class)");
    }

    private static ArchRule nobodyPrints() {
        return noClasses()
                .that(notOf(Module.LAUNCHER))
                .should(
                        new ArchCondition<>("print to the console") {
                            @Override
                            public void check(JavaClass type, ConditionEvents events) {
                                type.getAccessesFromSelf().stream()
                                        .filter(ArchitectureRules::prints)
                                        .forEach(access ->
                                                events.add(
                                                        SimpleConditionEvent.satisfied(
                                                                type, access.getDescription())));
                            }
                        })
                .because(
                        "nobody reads the console of a service: log through SLF4J, the exception"
                                + " last; only the command line in the launcher prints");
    }

    private static boolean prints(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        if (target.getOwner().isEquivalentTo(System.class)) {
            return target.getName().equals("out") || target.getName().equals("err");
        }
        return target.getName().equals("printStackTrace")
                && target.getOwner().isAssignableTo(Throwable.class)
                && target instanceof AccessTarget.CodeUnitAccessTarget call
                && call.getRawParameterTypes().isEmpty();
    }

    private static ArchRule packagesAreNullMarked() {
        return classes()
                .that(
                        matches(
                                "are written by hand",
                                type ->
                                        !type.getSimpleName().equals("module-info")
                                                && Arrays.stream(
                                                                type.getPackageName()
                                                                        .split("\\.", -1))
                                                        .noneMatch("db"::equals)))
                .should(
                        new ArchCondition<>("be in a package annotated with @NullMarked") {
                            @Override
                            public void check(JavaClass type, ConditionEvents events) {
                                boolean marked =
                                        type.getPackage()
                                                .isAnnotatedWith(
                                                        "org.jspecify.annotations.NullMarked");
                                events.add(
                                        new SimpleConditionEvent(
                                                type,
                                                marked,
                                                "package "
                                                        + type.getPackageName()
                                                        + " of "
                                                        + type.getSimpleName()
                                                        + " is not annotated"));
                            }
                        })
                .because(
                        "NullAway checks marked packages only: add a package-info.java with"
                                + " @NullMarked");
    }

    private static ArchRule noJavaSerialization() {
        return noClasses()
                .should()
                .dependOnClassesThat(
                        matches(
                                "read or write serialized Java objects",
                                type ->
                                        type.isEquivalentTo(java.io.ObjectInputStream.class)
                                                || type.isEquivalentTo(
                                                        java.io.ObjectOutputStream.class)))
                .because(
                        "reading serialized objects lets the sender run code; use records and the"
                                + " tuple codec");
    }

    private static DescribedPredicate<JavaClass> belongTo(Module module) {
        return matches("belong to " + module.folder(), module::owns);
    }

    private static DescribedPredicate<JavaClass> notOf(Module module) {
        return matches("do not belong to " + module.folder(), type -> !module.owns(type));
    }

    private static DescribedPredicate<JavaClass> matches(
            String description, java.util.function.Predicate<JavaClass> test) {
        return DescribedPredicate.describe(description, test);
    }
}
