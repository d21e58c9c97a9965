package org.peekplatform.buildrules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Checks the whole product against the rules.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
    private JavaClasses product;

    @BeforeAll
    void readProduct() {
        product =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("org.peekplatform")
                        .that(
                                DescribedPredicate.describe(
                                        "are not the rules",
                                        type ->
                                                !type.getPackageName()
                                                        .startsWith(
                                                                "org.peekplatform.buildrules")));
    }

    static Stream<Named<ArchRule>> rules() {
        return ArchitectureRules.all().stream().map(rule -> Named.of(rule.getDescription(), rule));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theProductKeepsTheRule(ArchRule rule) {
        rule.check(product);
    }

    @ParameterizedTest
    @EnumSource
    void noModuleIsCheckedByLookingAtNothing(Module module) {
        assertThat(product.stream().filter(module::owns).count())
                .as("classes of %s in %s", module.folder(), module.rootPackage())
                .isGreaterThanOrEqualTo(module.leastClasses());
    }
}
