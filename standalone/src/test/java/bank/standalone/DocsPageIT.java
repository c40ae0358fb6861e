package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bank.testing.TestDocuments;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/// A person on the docs page, in a headless Chromium: signs in and uploads a document. Skipped where no Chromium with
/// its driver is installed. Leaves screenshots in `target/docs-page`.
class DocsPageIT {
    @RegisterExtension
    static final RunningBank bank = new RunningBank();

    /// Says at every start that it knows not the newest debugging protocol, of which nothing is used here.
    private static final Logger DEBUGGING = Logger.getLogger("org.openqa.selenium.devtools");

    private static final Path SCREENSHOTS = Path.of("target", "docs-page");

    private static Optional<Path> program(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of("/usr/bin/", "/usr/local/bin/", "/snap/bin/")
                        .map(directory -> Path.of(directory + name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Test
    void aPersonSignsInAndUploads(@TempDir Path directory) throws Exception {
        var browser = program("chromium", "chromium-browser", "google-chrome");
        var driver = program("chromedriver");
        assumeTrue(browser.isPresent() && driver.isPresent(), "no Chromium with its chromedriver is installed");
        var file = directory.resolve("Договор аренды.pdf");
        Files.write(file, TestDocuments.bytes("Договор аренды.pdf"));

        walk(browser.get(), driver.get(), bank.uri(), file);
    }

    static void walk(Path browser, Path driver, URI base, Path file) throws Exception {
        DEBUGGING.setLevel(Level.SEVERE);
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        var options = new ChromeOptions();
        options.setBinary(browser.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--window-size=1280,1400");
        options.setCapability("goog:loggingPrefs", logs);
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(driver.toFile())
                .usingAnyFreePort()
                .build();
        var chrome = new ChromeDriver(service, options);
        try {
            var page = new DocsPage(chrome);
            chrome.get(base.resolve("/docs/").toString());
            page.signIn("client@demo.test", RunningBank.PASSWORD);
            picture(chrome, "signed-in.png");
            page.close();
            var answer = page.upload(file);
            picture(chrome, "uploaded.png");

            assertThat(answer)
                    .startsWith("201")
                    .contains("\"document_id\":", "\"status\": \"pending\"", "location: /v1/abs/documents/");
            assertThat(page.loaded())
                    .isNotEmpty()
                    .allMatch(address -> address.startsWith(base.toString()), "from " + base);
            assertThat(severe(chrome)).isEmpty();
        } finally {
            chrome.quit();
        }
    }

    private static List<String> severe(ChromeDriver chrome) {
        return chrome.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    private static void picture(ChromeDriver chrome, String name) throws Exception {
        Files.createDirectories(SCREENSHOTS);
        Files.write(SCREENSHOTS.resolve(name), chrome.getScreenshotAs(OutputType.BYTES));
    }
}
