package bank.standalone;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/// The pages of the sign-in as somebody at a browser works them.
final class SignInPage {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ChromeDriver chrome;
    private final WebDriverWait wait;

    SignInPage(ChromeDriver chrome) {
        this.chrome = chrome;
        this.wait = new WebDriverWait(chrome, PATIENCE);
    }

    /// Makes the window as small as a small telephone.
    void narrow() {
        resize(320);
    }

    /// Makes the window that many pixels wide.
    void resize(int width) {
        chrome.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 640, "deviceScaleFactor", 1, "mobile", false));
    }

    void signIn(String email, String password) {
        fill("email", email);
        fill("password", password);
        wait.until(ExpectedConditions.elementToBeClickable(By.cssSelector("button:not([name])")))
                .click();
    }

    private void fill(String id, String text) {
        WebElement field = wait.until(ExpectedConditions.elementToBeClickable(By.id(id)));
        field.clear();
        field.sendKeys(text);
    }

    void press(String button) {
        wait.until(ExpectedConditions.elementToBeClickable(By.xpath("//button[text()='" + button + "']")))
                .click();
    }

    String problem() {
        return wait.until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector("[role=alert]")))
                .getText();
    }

    /// What is to be allowed.
    List<String> wishes() {
        wait.until(ExpectedConditions.elementToBeClickable(By.name("decision")));
        return chrome.findElements(By.cssSelector("main li")).stream()
                .map(WebElement::getText)
                .toList();
    }

    /// The address once it begins like that.
    String addressAt(String beginning) {
        wait.until(chrome -> chrome.getCurrentUrl().startsWith(beginning));
        return chrome.getCurrentUrl();
    }

    /// Names by which readers of the screen call what can be worked.
    List<String> names() {
        return chrome.findElements(By.cssSelector("input:not([type=hidden]), button")).stream()
                .map(WebElement::getAccessibleName)
                .toList();
    }

    /// The page has its style, fits into the window with room at its sides, and no button's words are broken.
    boolean looksRight() {
        return Boolean.TRUE.equals(chrome.executeScript("const main = document.querySelector('main');"
                + "return getComputedStyle(main).maxWidth === '416px'"
                + " && main.getBoundingClientRect().left >= 16"
                + " && document.documentElement.scrollWidth <= document.documentElement.clientWidth"
                + " && [...document.querySelectorAll('button')].every(each => each.offsetHeight <= 48)"));
    }
}
