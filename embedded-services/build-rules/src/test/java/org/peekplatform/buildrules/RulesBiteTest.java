package org.peekplatform.buildrules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Shows each rule something that breaks it: a rule that nothing can break protects nothing.
class RulesBiteTest {
    private static final String BAD = "org.peekplatform.";

    /// The test classes of this module, in the packages of the modules they offend against.
    private static final JavaClasses EXAMPLES =
            new ClassFileImporter()
                    .importUrl(
                            RulesBiteTest.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vortex.bad.ImportsServer | embedded-services/vortex imports nothing of Peek but plugin-api/api",
                "api.bad.ImportsServer | plugin-api/api imports nothing else of Peek",
                "plugins.one.ImportsHost | plugins imports nothing of Peek but",
                "plugins.two.ImportsOtherPlugin | each plugin has a class loader of its own",
                "stray.Homeless | a module has one root package",
                "vortex.bad.Libraries$Javalin | sites and routes belong to the web module",
                "vortex.bad.Libraries$Jetty | sites and routes belong to the web module",
                "vortex.bad.Libraries$Flyway | belong to the storage module",
                "vortex.bad.Libraries$H2 | belong to the storage module",
                "vortex.bad.Libraries$Hikari | belong to the storage module",
                "vortex.bad.Libraries$Jooq | SQL belongs to the storage module",
                "vortex.bad.Libraries$JavaFx | services must start without JavaFX",
                "vortex.bad.Libraries$Ikonli | how the workstation looks",
                "vortex.bad.Libraries$Picocli | the command line belongs to the launcher",
                "vortex.bad.Libraries$Logback | the launcher alone knows where logs go",
                "vortex.bad.Libraries$Semver | versions of plugins are compared in the plugin host",
                "server.bad.ImportsJackson | JSON is read and written where it enters and leaves",
                "storage.bad.Threads$New | threads need a name",
                "storage.bad.Threads$Builder | threads need a name",
                "storage.bad.Threads$Virtual | threads need a name",
                "storage.bad.Threads$Pool | threads need a name",
                "storage.bad.Threads$Reference | threads need a name",
                "storage.bad.Threads$Fork | threads need a name",
                "storage.bad.Threads$Clock | threads need a name",
                "storage.bad.Threads$Common | threads need a name",
                "storage.bad.Threads$Sub | threads need a name",
                "storage.bad.Console$Out | nobody reads the console",
                "storage.bad.Console$Err | nobody reads the console",
                "storage.bad.Console$Trace | nobody reads the console",
                "storage.bad.Other$Logs | code logs through SLF4J: LoggerFactory",
                "storage.bad.Other$Deserializes | reading serialized objects",
                "vortex.bad.ImportsServer | add a package-info.java with @NullMarked",
            })
    void aClassThatBreaksTheRuleIsReported(String type, String reason) {
        assertThat(violations(type.strip())).anyMatch(report -> report.contains(reason.strip()));
    }

    @ParameterizedTest
    @CsvSource({
        "storage.bad.Threads$Clean",
        "storage.bad.Console$Clean",
    })
    void whatIsAllowedIsNotReported(String type) {
        assertThat(violations(type)).isEmpty();
    }

    @Test
    void aLibraryIsAllowedWhereItBelongs() {
        assertThat(violations("vortex.bad.Libraries$Clean"))
                .noneMatch(report -> report.contains("JSON is read"));
    }

    @Test
    void noModuleMayImportInACircle() {
        for (Module module : Module.values()) {
            for (Module imported : module.mayImport()) {
                assertThat(imported.mayImport())
                        .as("%s imports %s", module, imported)
                        .doesNotContain(module);
            }
        }
    }

    private static List<String> violations(String type) {
        String name = BAD + type;
        JavaClasses classes =
                EXAMPLES.that(
                        DescribedPredicate.describe(
                                "are " + name, found -> found.getName().equals(name)));
        assertThat(classes).as(name).hasSize(1);
        return ArchitectureRules.all().stream()
                .map(rule -> evaluate(rule, classes))
                .filter(EvaluationResult::hasViolation)
                .map(result -> result.getFailureReport().toString())
                .toList();
    }

    private static EvaluationResult evaluate(ArchRule rule, JavaClasses classes) {
        return rule.allowEmptyShould(true).evaluate(classes);
    }
}
