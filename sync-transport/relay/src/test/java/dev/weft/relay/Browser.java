package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.Keys;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real Chromium without a window. One test thread uses it. */
final class Browser implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final String AXE = axe();

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /**
   * Starts the browser that is installed; nothing is downloaded. Where there is none the test is
   * skipped, but on a machine that builds for others it fails.
   */
  static Browser start() {
    Optional<Path> chromium = installed("chromium", "chromium-browser", "google-chrome");
    Optional<Path> chromedriver = installed("chromedriver");
    if (chromium.isEmpty() || chromedriver.isEmpty()) {
      String reason =
          "the dashboard is looked at in a real browser: install chromium and chromedriver"
              + " (Debian: apt-get install chromium chromium-driver)";
      if (Boolean.parseBoolean(System.getenv("CI"))) {
        throw new AssertionError(reason);
      }
      Assumptions.abort(reason);
    }
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.orElseThrow().toFile());
    // Its sandbox cannot be had as root, as machines that build for others are used; all that it is
    // shown is the relay's own page.
    options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--lang=en");
    options.addArguments("--hide-scrollbars");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(chromedriver.orElseThrow().toFile())
            .build();
    Browser browser = new Browser(new ChromeDriver(service, options));
    browser.resize(1280, 900);
    return browser;
  }

  private static Optional<Path> installed(String... names) {
    List<String> path = List.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(":"));
    return Stream.of(names)
        .flatMap(name -> path.stream().map(directory -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String axe() {
    try (InputStream in = Browser.class.getResourceAsStream("/axe.min.js")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  void open(String address) {
    driver.get(address);
  }

  /** Opens a page that waits a tenth as long as it means to before it tries something again. */
  void openInHaste(String address) {
    Map<String, Object> script =
        driver.executeCdpCommand(
            "Page.addScriptToEvaluateOnNewDocument",
            Map.of(
                "source",
                "{ const later = setTimeout;"
                    + " window.setTimeout = (task, millis) => later(task, millis / 10); }"));
    try {
      open(address);
    } finally {
      driver.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", script);
    }
  }

  /** Has so much time be over on the page's clock at once. */
  void letPass(Duration time) {
    driver.executeScript(
        "const now = performance.now.bind(performance);"
            + "const passed = arguments[0];"
            + "performance.now = () => now() + passed;",
        time.toMillis());
  }

  /** Sets what a person has asked their system for. */
  void prefer(String colourScheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", colourScheme),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /** Sets the size of the window, in the page's pixels: at 400 % zoom there are a quarter. */
  void resize(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  void press(Keys key) {
    new Actions(driver).sendKeys(key).perform();
  }

  /** Returns what a script's expression comes to. */
  @Nullable Object evaluate(String expression) {
    return driver.executeScript("return " + expression);
  }

  /** Returns the text of the first element that a selector finds, as it is in the page. */
  String text(String selector) {
    return String.valueOf(
        driver.executeScript(
            "const found = document.querySelector(arguments[0]);"
                + "return found ? found.textContent : 'there is no ' + arguments[0]",
            selector));
  }

  /** Waits until an element's text is as it should be. */
  void await(String selector, Predicate<String> wanted) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!wanted.test(text(selector))) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not in time: " + selector + " has '" + text(selector) + "'");
      }
    }
  }

  void await(String selector, String part) {
    await(selector, text -> text.contains(part));
  }

  /** Asserts that everybody can use the page as it is, as far as a program can tell. */
  void assertAccessible() {
    driver.executeScript(AXE);
    Object violations =
        driver.executeAsyncScript(
            "const done = arguments[arguments.length - 1];"
                + "axe.run().then(all => done(all.violations.map(each => each.id + ': '"
                + " + each.help + ' at ' + each.nodes.map(node => node.html).join(', '))),"
                + " error => done([String(error)]))");
    assertThat((List<?>) violations).isEmpty();
  }

  /** Asserts that the browser has had nothing to complain of, beside that a relay was away. */
  void assertNoComplaints() {
    assertThat(driver.manage().logs().get(LogType.BROWSER).getAll())
        .filteredOn(entry -> !entry.getMessage().contains("Failed to load resource"))
        .isEmpty();
  }

  /** Leaves a picture of the whole page in the directory of the build. */
  void picture(String name) throws IOException {
    Map<String, Object> taken =
        driver.executeCdpCommand("Page.captureScreenshot", Map.of("captureBeyondViewport", true));
    Files.createDirectories(SCREENSHOTS);
    byte[] png = Base64.getDecoder().decode(String.valueOf(taken.get("data")));
    assertThat(png).hasSizeGreaterThan(5_000);
    Files.write(SCREENSHOTS.resolve(name + ".png"), png);
  }

  @Override
  public void close() {
    driver.quit();
  }
}
