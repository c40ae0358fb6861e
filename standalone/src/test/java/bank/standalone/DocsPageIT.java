package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.TestDocuments;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A person on the docs page, in a headless Chromium: signs in and uploads a document. Skipped where no Chromium with
/// its driver is installed. Leaves screenshots in `target/docs-page`.
class DocsPageIT {
    @RegisterExtension
    static final RunningBank bank = new RunningBank();

    @Test
    void aPersonSignsInAndUploads(@TempDir Path directory) throws Exception {
        var file = directory.resolve("Договор аренды.pdf");
        Files.write(file, TestDocuments.bytes("Договор аренды.pdf"));
        URI base = bank.uri();
        var chrome = Chromium.open("en");
        try {
            var page = new DocsPage(chrome);
            chrome.get(base.resolve("/docs/").toString());
            page.signIn("client@demo.test", RunningBank.PASSWORD);
            Chromium.picture(chrome, "docs-page", "signed-in.png");
            page.close();
            var answer = page.upload(file);
            Chromium.picture(chrome, "docs-page", "uploaded.png");

            assertThat(answer)
                    .startsWith("201")
                    .contains("\"document_id\":", "\"status\": \"pending\"", "location: /v1/abs/documents/");
            assertThat(page.loaded())
                    .isNotEmpty()
                    .allMatch(address -> address.startsWith(base.toString()), "from " + base);
            assertThat(Chromium.complaints(chrome)).isEmpty();
        } finally {
            chrome.quit();
        }
    }
}
