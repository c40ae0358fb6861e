package bank.standalone;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/// A headless Chromium, where one with its driver is installed.
final class Chromium {
    /// Says at every start that it knows not the newest debugging protocol, of which nothing is used here.
    private static final Logger DEBUGGING = Logger.getLogger("org.openqa.selenium.devtools");

    private Chromium() {}

    /// Opens one, or has the test skipped.
    ///
    /// @param language its `Accept-Language`
    static ChromeDriver open(String language) {
        var browser = program("chromium", "chromium-browser", "google-chrome");
        var driver = program("chromedriver");
        NeededTool.orSkip(
                browser.isPresent() && driver.isPresent(),
                "PAGES IN A BROWSER",
                () -> "no Chromium with its chromedriver is installed");
        DEBUGGING.setLevel(Level.SEVERE);
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        var options = new ChromeOptions();
        options.setBinary(browser.get().toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--accept-lang=" + language,
                "--window-size=1280,1400");
        options.setCapability("goog:loggingPrefs", logs);
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(driver.get().toFile())
                .usingAnyFreePort()
                .build();
        return new ChromeDriver(service, options);
    }

    private static Optional<Path> program(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of("/usr/bin/", "/usr/local/bin/", "/snap/bin/")
                        .map(directory -> Path.of(directory + name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// What it complained of since it was last asked.
    static List<String> complaints(ChromeDriver chrome) {
        return chrome.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /// Keeps what it shows.
    ///
    /// @param directory where, below `target`
    static void picture(ChromeDriver chrome, String directory, String name) throws Exception {
        var pictures = Path.of("target", directory);
        Files.createDirectories(pictures);
        Files.write(pictures.resolve(name), chrome.getScreenshotAs(OutputType.BYTES));
    }
}
