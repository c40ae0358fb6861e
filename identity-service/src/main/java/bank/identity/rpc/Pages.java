package bank.identity.rpc;

import bank.identity.domain.Authorizations.Page;
import bank.identity.model.UserScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The pages a user signs in by: HTML without any script.
final class Pages {
    private static final String STYLE = style();

    private Pages() {}

    /// Asks for e-mail and password.
    ///
    /// @param email what stands in its field
    /// @param problem what went wrong before; empty when nothing did
    static String signIn(Language language, Page page, String email, String problem) {
        var described = problem.isEmpty() ? "" : " aria-describedby=\"problem\" aria-invalid=\"true\"";
        var alert = problem.isEmpty()
                ? ""
                : "<p class=\"problem\" id=\"problem\" role=\"alert\">" + escaped(problem) + "</p>\n";
        var intent = language.say("to go on to %s", "чтобы продолжить в приложении «%s»")
                .formatted("<strong>" + escaped(page.client().name()) + "</strong>");
        return document(language, title(language), formTargets(page), """
                <h1>%s</h1>
                <p>%s</p>
                %s<form method="post" action="authorize">
                <input type="hidden" name="sign_in" value="%s">
                <label for="email">%s</label>
                <input id="email" name="email" type="text" inputmode="email" autocomplete="username" \
                autocapitalize="none" spellcheck="false" maxlength="254" required%s value="%s"%s>
                <label for="password">%s</label>
                <input id="password" name="password" type="password" autocomplete="current-password" \
                maxlength="1024" required%s%s>
                <div class="choices">
                <button type="submit">%s</button>
                <button type="submit" class="other" name="cancel" value="true" formnovalidate>%s</button>
                </div>
                </form>
                """.formatted(
                        title(language),
                        intent,
                        alert,
                        page.sealed(),
                        language.say("E-mail", "Электронная почта"),
                        described,
                        escaped(email),
                        email.isEmpty() ? " autofocus" : "",
                        language.say("Password", "Пароль"),
                        described,
                        email.isEmpty() ? "" : " autofocus",
                        language.say("Sign in", "Войти"),
                        language.say("Cancel", "Отмена")));
    }

    /// Asks whether the client may act for the user.
    ///
    /// @param email who signed in
    static String consent(Language language, Page page, String email) {
        var title = language.say("Access for an application", "Доступ для приложения");
        var scopes = inOrder(page.request().scopes())
                .map(scope -> "<li>" + words(language, scope) + "</li>\n")
                .collect(Collectors.joining());
        return document(language, title, formTargets(page), """
                <h1>%s</h1>
                <p>%s</p>
                <ul>
                %s</ul>
                <p class="note">%s</p>
                <form method="post" action="authorize">
                <input type="hidden" name="consent" value="%s">
                <div class="choices">
                <button type="submit" name="decision" value="allow">%s</button>
                <button type="submit" class="other" name="decision" value="deny">%s</button>
                </div>
                </form>
                """.formatted(
                        title,
                        language.say("%s wants to:", "Приложение «%s» хочет:")
                                .formatted("<strong>" + escaped(page.client().name()) + "</strong>"),
                        scopes,
                        language.say("You are signed in as %s.", "Вы вошли как %s.")
                                .formatted("<strong>" + escaped(email) + "</strong>"),
                        page.sealed(),
                        language.say("Allow", "Разрешить"),
                        language.say("Do not allow", "Не разрешать")));
    }

    /// Says why there is nothing to sign in to.
    static String problem(Language language, String problem) {
        return document(
                language, language.say("Signing in is not possible", "Войти не получится"), "'none'", """
                <h1>%s</h1>
                <p role="alert">%s</p>
                <p class="note">%s</p>
                """.formatted(
                                language.say("Signing in is not possible", "Войти не получится"),
                                escaped(problem),
                                language.say(
                                        "Go back to the application and begin again.",
                                        "Вернитесь в приложение и начните заново.")));
    }

    /// The style sheet of the pages.
    static String styleSheet() {
        return STYLE;
    }

    /// The header cannot name where forms may lead to, for browsers ask that of the redirect after the form, too, and
    /// that goes to another place for each client.
    private static String document(Language language, String title, String formTargets, String main) {
        return """
                <!DOCTYPE html>
                <html lang="%s">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="form-action %s">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="robots" content="noindex">
                <title>%s</title>
                <link rel="stylesheet" href="page.css">
                </head>
                <body>
                <main>
                %s</main>
                </body>
                </html>
                """.formatted(language.tag(), escaped(formTargets), title, main);
    }

    private static String title(Language language) {
        return language.say("Sign in to the bank", "Вход в банк");
    }

    /// Who he is comes before what may be done in his name; what has no words comes last.
    private static Stream<String> inOrder(Set<String> scopes) {
        return Stream.concat(
                Arrays.stream(UserScope.values()).map(UserScope::value).filter(scopes::contains),
                scopes.stream().filter(scope -> UserScope.of(scope).isEmpty()).sorted());
    }

    private static String words(Language language, String scope) {
        return UserScope.of(scope)
                .map(known -> escaped(language.say(known.english(), known.russian())))
                .orElseGet(() -> "<code>" + escaped(scope) + "</code>");
    }

    /// Sources of CSP's `form-action`: these pages, and where the client has its answer.
    private static String formTargets(Page page) {
        var uri = URI.create(page.request().redirectUri());
        var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        var host = uri.getHost();
        // A source names no IPv6 address.
        if (host == null || host.startsWith("[") || !scheme.startsWith("http")) {
            return "'self' " + scheme + ":";
        }
        return "'self' " + scheme + "://" + host + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String style() {
        try (var css = Pages.class.getResourceAsStream("page.css")) {
            if (css == null) {
                throw new IllegalStateException("page.css is missing");
            }
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
