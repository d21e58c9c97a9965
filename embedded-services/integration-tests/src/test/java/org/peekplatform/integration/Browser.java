package org.peekplatform.integration;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/// A real Chromium. Finds elements by their `data-testid` through all shadow roots, as a user sees
/// through them.
final class Browser implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final String DEEP =
            """
            function all(root, found) {
              for (const e of root.querySelectorAll('*')) {
                if (e.dataset && e.dataset.testid === id) found.push(e);
                if (e.shadowRoot) all(e.shadowRoot, found);
              }
              return found;
            }
            """;

    private static final String FIND =
            "const id = arguments[0];"
                    + DEEP
                    + "return all(document, []).find(e => e.getClientRects().length) || null;";

    private static final String FIND_INPUT =
            "const id = arguments[0];"
                    + DEEP
                    + """
                    const found = all(document, [])[0];
                    if (!found) return null;
                    if (found.matches('input,select,textarea')) return found;
                    const inner = e => e.querySelector('input,select,textarea')
                      || [...e.querySelectorAll('*')].filter(c => c.shadowRoot).map(c => inner(c.shadowRoot)).find(i => i);
                    return (found.shadowRoot && inner(found.shadowRoot)) || inner(found);
                    """;

    private static final String TEXT =
            """
            function text(node) {
              if (node.nodeType === 3) return node.data;
              if (node.nodeName === 'SLOT') return node.assignedNodes().map(text).join(' ');
              const root = node.shadowRoot || node;
              if (root.nodeName === 'STYLE' || root.nodeName === 'SCRIPT') return '';
              return [...root.childNodes].map(text).join(' ');
            }
            return text(arguments[0]).replace(/\\s+/g, ' ').trim();
            """;

    private final ChromeDriver driver;
    private final Path screenshots;
    private final String name;
    private int shot;

    /// @param name of the screenshots
    /// @param screenshots folder they go to
    Browser(String name, Path screenshots, int width, int height) {
        this.name = name;
        this.screenshots = screenshots;
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--window-size=" + Math.max(500, width) + "," + height);
        // Peek's own certificate is signed by nobody that a browser knows.
        options.setAcceptInsecureCerts(true);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, java.util.logging.Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service =
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
                        .usingAnyFreePort()
                        .build();
        driver = new ChromeDriver(service, options);
        boolean phone = width < 500;
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        width,
                        "height",
                        height,
                        "deviceScaleFactor",
                        phone ? 2 : 1,
                        "mobile",
                        phone));
    }

    void open(URI address) {
        driver.get(address.toString());
    }

    /// Waits for an element that can be seen.
    WebElement find(String testId) {
        return await(FIND, testId);
    }

    boolean shows(String testId) {
        return driver.executeScript(FIND, testId) != null;
    }

    void click(String testId) {
        WebElement element = find(testId);
        driver.executeScript("arguments[0].scrollIntoView({block:'center'})", element);
        element.click();
    }

    /// Types into a field, in place of what it holds.
    void type(String testId, String text) {
        WebElement field = input(testId);
        field.clear();
        field.sendKeys(text);
    }

    /// Gives a file to a file chooser.
    void choose(String testId, Path file) {
        input(testId).sendKeys(file.toAbsolutePath().toString());
    }

    /// Chooses the option whose text begins with `text`.
    void select(String testId, String text) {
        WebElement field = input(testId);
        driver.executeScript(
                """
                const option = [...arguments[0].options].find(o => o.text.startsWith(arguments[1]));
                if (!option) throw new Error('no option ' + arguments[1]);
                arguments[0].value = option.value;
                arguments[0].dispatchEvent(new Event('change', {bubbles: true, composed: true}));
                """,
                field,
                text);
    }

    /// Waits until an element's text, shadow roots included, holds `text`.
    void awaitText(String testId, String text) {
        new WebDriverWait(driver, LONGEST)
                .withMessage(() -> "'" + text + "' is not in '" + testId + "': " + pageText())
                .until(it -> shows(testId) && text(testId).contains(text));
    }

    String text(String testId) {
        Object found = driver.executeScript(FIND, testId);
        return found == null ? "" : string(driver.executeScript(TEXT, found));
    }

    /// What a person can read on the page.
    String pageText() {
        return string(driver.executeScript(TEXT, driver.executeScript("return document.body")));
    }

    /// Something that a reload of the page would forget.
    void mark() {
        driver.executeScript("window.peekNotReloaded = true");
    }

    boolean isMarked() {
        return Boolean.TRUE.equals(driver.executeScript("return window.peekNotReloaded === true"));
    }

    /// What the page complained of: errors, and whatever the content security policy refused.
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry ->
                        entry.getLevel().intValue() >= java.util.logging.Level.SEVERE.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    void screenshot(String step) throws IOException {
        Files.createDirectories(screenshots);
        shot++;
        Files.write(
                screenshots.resolve("%s-%02d-%s.png".formatted(name, shot, step)),
                driver.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        driver.quit();
    }

    private WebElement input(String testId) {
        return await(FIND_INPUT, testId);
    }

    private WebElement await(String script, String testId) {
        new WebDriverWait(driver, LONGEST)
                .withMessage(() ->
                        "no '" + testId + "' on " + driver.getCurrentUrl() + ": " + pageText())
                .until(it -> driver.executeScript(script, testId) instanceof WebElement);
        return (WebElement) Objects.requireNonNull(driver.executeScript(script, testId));
    }

    private static String string(@Nullable Object text) {
        return text == null ? "" : text.toString();
    }
}
