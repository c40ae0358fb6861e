package bank.identity.rpc;

import java.util.List;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Languages of the pages.
enum Language {
    RUSSIAN("ru"),
    ENGLISH("en");

    private final String tag;

    Language(String tag) {
        this.tag = tag;
    }

    /// The best of what the client and the browser want; English when they want neither, Russian when they do not say.
    ///
    /// @param client languages the client wants, the best first
    /// @param browser its `Accept-Language`; null when it has none
    static Language of(List<String> client, @Nullable String browser) {
        return client.stream()
                .flatMap(wanted -> of(wanted).stream())
                .findFirst()
                .orElseGet(() -> browser == null || browser.isBlank() ? RUSSIAN : ofHeader(browser));
    }

    private static Language ofHeader(String header) {
        try {
            return LanguageRange.parse(header).stream()
                    .filter(range -> range.getWeight() > 0)
                    .flatMap(range -> of(range.getRange()).stream())
                    .findFirst()
                    .orElse(ENGLISH);
        } catch (IllegalArgumentException e) {
            return RUSSIAN;
        }
    }

    private static Optional<Language> of(String range) {
        var primary = range.toLowerCase(Locale.ROOT).split("-", 2)[0];
        for (var language : values()) {
            if (language.tag.equals(primary)) {
                return Optional.of(language);
            }
        }
        return Optional.empty();
    }

    /// Tag of HTML's `lang`.
    String tag() {
        return tag;
    }

    /// What is said in this language.
    String say(String english, String russian) {
        return this == RUSSIAN ? russian : english;
    }
}
