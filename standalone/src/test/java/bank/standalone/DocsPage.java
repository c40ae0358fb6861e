package bank.standalone;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/// The docs page as somebody at a browser works it.
final class DocsPage {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SIGN_IN = "//div[contains(@class,'auth-container')][.//input[@id='oauth_username']]";
    private static final String UPLOAD = "operations-DocumentService-DocumentService_UploadDocument";

    private final ChromeDriver chrome;
    private final WebDriverWait wait;

    DocsPage(ChromeDriver chrome) {
        this.chrome = chrome;
        this.wait = new WebDriverWait(chrome, PATIENCE);
    }

    private WebElement click(By place) {
        WebElement element = wait.until(ExpectedConditions.presenceOfElementLocated(place));
        chrome.executeScript("arguments[0].scrollIntoView({block: 'center'})", element);
        wait.until(ExpectedConditions.elementToBeClickable(place)).click();
        return element;
    }

    /// Signs a user in by the dialog behind "Authorize".
    void signIn(String email, String password) {
        click(By.cssSelector(".auth-wrapper .authorize"));
        wait.until(ExpectedConditions.presenceOfElementLocated(By.xpath(SIGN_IN + "//input[@id='oauth_username']")))
                .sendKeys(email);
        chrome.findElement(By.xpath(SIGN_IN + "//input[@id='oauth_password']")).sendKeys(password);
        click(By.xpath(SIGN_IN + "//button[contains(@class,'authorize')]"));
        wait.until(ExpectedConditions.presenceOfElementLocated(
                By.xpath("//div[contains(@class,'auth-container')]//button[text()='Logout']")));
    }

    /// Closes the dialog.
    void close() {
        click(By.cssSelector(".modal-ux .btn-done"));
    }

    /// Uploads a file by "Try it out" and tells the answer: status, body, headers.
    String upload(Path file) {
        click(By.cssSelector("#" + UPLOAD + " .opblock-summary-control"));
        click(By.cssSelector("#" + UPLOAD + " .try-out__btn"));
        wait.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("#" + UPLOAD + " input[type=file]")))
                .sendKeys(file.toString());
        click(By.cssSelector("#" + UPLOAD + " .execute"));
        By answer = By.cssSelector("#" + UPLOAD + " .live-responses-table .response");
        WebElement told = wait.until(ExpectedConditions.presenceOfElementLocated(answer));
        chrome.executeScript("arguments[0].scrollIntoView({block: 'center'})", told);
        return told.getText();
    }

    /// Addresses of everything the page loaded or called.
    List<?> addresses() {
        return (List<?>) chrome.executeScript("return performance.getEntriesByType('resource').map(each => each.name)"
                + ".filter(name => !name.startsWith('data:') && !name.startsWith('blob:'))");
    }

    List<String> loaded() {
        return addresses().stream().map(String::valueOf).toList();
    }
}
