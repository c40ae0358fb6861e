package bank.identity.rpc;

import bank.identity.domain.Authorizations;
import bank.identity.domain.Authorizations.Outcome;
import bank.identity.domain.Authorizations.Page;
import bank.identity.model.CodeRequest;
import bank.identity.model.EmailAddress;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.Password;
import bank.identity.rpc.AuthorizationRequests.Cause;
import bank.identity.rpc.AuthorizationRequests.Reading;
import bank.platform.grpc.Call;
import bank.v1.RawHttpRequest;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationErrorResponse;
import com.nimbusds.oauth2.sdk.AuthorizationSuccessResponse;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ResponseMode;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The authorization endpoint of RFC 6749, section 3.1, with the pages a user signs in by.
public final class AuthorizationEndpoint {
    private static final int REQUEST_LENGTH_MAX = 8 * 1024;
    private static final int EMAIL_LENGTH_MAX = 255;

    private final Authorizations authorizations;
    private final AuthorizationRequests requests;
    private final BrowserCookie cookie;
    private final Issuer issuer;

    /// @param issuer URL the bank is reached at
    public AuthorizationEndpoint(Authorizations authorizations, String issuer) {
        this.authorizations = authorizations;
        this.requests = new AuthorizationRequests(authorizations::client);
        this.cookie = new BrowserCookie(issuer);
        this.issuer = new Issuer(issuer);
    }

    OAuthAnswer answer(RawHttpRequest raw) {
        if (raw.getMethod().equals("GET")) {
            return raw.getQuery().length() > REQUEST_LENGTH_MAX
                    ? stray(Cause.MALFORMED)
                    : begin(raw, RawRequests.query(raw));
        }
        if (!RawRequests.hasForm(raw)) {
            return stray(Cause.MALFORMED);
        }
        var form = RawRequests.form(raw);
        if ((form.containsKey("sign_in") || form.containsKey("consent")) && ControlCharacters.in(form)) {
            return stray(Cause.MALFORMED);
        }
        if (form.containsKey("sign_in")) {
            return signIn(raw, form);
        }
        if (form.containsKey("consent")) {
            return consent(raw, form);
        }
        return raw.getBody().size() > REQUEST_LENGTH_MAX ? stray(Cause.MALFORMED) : begin(raw, form);
    }

    private OAuthAnswer begin(RawHttpRequest raw, Map<String, List<String>> parameters) {
        return switch (requests.read(parameters)) {
            case Reading.Good(var client, var request) -> {
                var known = cookie.read(raw);
                var browser = known == null ? authorizations.newBrowser() : known;
                var page = authorizations.begin(client, request, browser);
                yield OAuthAnswer.page(200, Pages.signIn(language(request), page, request.loginHint(), ""))
                        .with("Set-Cookie", cookie.of(browser));
            }
            case Reading.Wrong(var uri, var state, var error) -> wrong(uri, state, error);
            case Reading.Stray(var cause) -> stray(cause);
        };
    }

    private OAuthAnswer signIn(RawHttpRequest raw, Map<String, List<String>> form) {
        var sealed = sole(form, "sign_in");
        var browser = cookie.ofForm(raw);
        if (browser == null) {
            return over();
        }
        if (form.containsKey("cancel")) {
            return answer(authorizations.cancel(sealed, browser), "");
        }
        var typed = sole(form, "email");
        var email = typed.substring(0, Math.min(typed.length(), EMAIL_LENGTH_MAX));
        var password = sole(form, "password");
        try {
            if (password.length() > Password.LENGTH_MAX) {
                throw new IdentityException(new IdentityFailure.BadCredentials());
            }
            var outcome = authorizations.signIn(sealed, browser, email, new Password(password), Callers.current());
            return answer(outcome, email);
        } catch (IdentityException e) {
            return authorizations
                    .again(sealed, browser)
                    .map(page -> again(page, email, e))
                    .orElseGet(this::over);
        }
    }

    private OAuthAnswer consent(RawHttpRequest raw, Map<String, List<String>> form) {
        var browser = cookie.ofForm(raw);
        var decision = sole(form, "decision");
        if (browser == null || !(decision.equals("allow") || decision.equals("deny"))) {
            return over();
        }
        return answer(
                authorizations.consent(sole(form, "consent"), browser, decision.equals("allow"), Callers.current()),
                "");
    }

    private OAuthAnswer answer(Outcome outcome, String email) {
        return switch (outcome) {
            case Outcome.Granted(var request, var code) ->
                OAuthAnswer.redirect(new AuthorizationSuccessResponse(
                                URI.create(request.redirectUri()),
                                new AuthorizationCode(code),
                                null,
                                state(request.state()),
                                issuer,
                                ResponseMode.QUERY)
                        .toURI());
            case Outcome.Refused(var request) ->
                wrong(request.redirectUri(), request.state(), OAuth2Error.ACCESS_DENIED);
            case Outcome.Expired(var page) -> {
                var language = language(page.request());
                yield OAuthAnswer.page(
                        400,
                        Pages.signIn(
                                language,
                                page,
                                email,
                                language.say(
                                        "The page was open for too long. Sign in once more.",
                                        "Страница была открыта слишком долго. Войдите ещё раз.")));
            }
            case Outcome.Asked(var page) -> {
                var who = EmailAddress.parse(email).map(EmailAddress::value).orElse("");
                yield OAuthAnswer.page(200, Pages.consent(language(page.request()), page, who));
            }
            case Outcome.Lapsed() -> over();
        };
    }

    /// The page again, saying no more than it must.
    private static OAuthAnswer again(Page page, String email, IdentityException refusal) {
        var language = language(page.request());
        return switch (refusal.failure()) {
            case IdentityFailure.BadCredentials() ->
                OAuthAnswer.page(
                        403,
                        Pages.signIn(
                                language,
                                page,
                                email,
                                language.say(
                                        "E-mail and password do not belong together.",
                                        "Электронная почта и пароль не подходят друг к другу.")));
            case IdentityFailure.AccountBlocked() ->
                OAuthAnswer.page(
                        403,
                        Pages.signIn(
                                language,
                                page,
                                email,
                                language.say(
                                        "This account may not sign in: ask the bank.",
                                        "С этой учётной записью войти нельзя: обратитесь в банк.")));
            case IdentityFailure.SignInPaused(var pause) ->
                OAuthAnswer.page(
                                429,
                                Pages.signIn(
                                        language,
                                        page,
                                        email,
                                        language.say(
                                                "Too many failed sign-ins. Try again a little later.",
                                                "Слишком много неудачных попыток входа. Повторите чуть позже.")))
                        .with("Retry-After", Long.toString(pause.toSeconds()));
            case IdentityFailure.Overloaded() ->
                OAuthAnswer.page(
                        503,
                        Pages.signIn(
                                language,
                                page,
                                email,
                                language.say(
                                        "Too many people are signing in. Try again a little later.",
                                        "Сейчас входит слишком много людей. Повторите чуть позже.")));
            default -> throw refusal;
        };
    }

    private OAuthAnswer wrong(String redirectUri, @Nullable String state, ErrorObject error) {
        return OAuthAnswer.redirect(
                new AuthorizationErrorResponse(URI.create(redirectUri), error, state(state), issuer, ResponseMode.QUERY)
                        .toURI());
    }

    /// A request that may send nobody anywhere.
    private static OAuthAnswer stray(Cause cause) {
        var language = language(null);
        var problem = switch (cause) {
            case MALFORMED ->
                language.say("The application's request is malformed.", "Запрос приложения составлен неверно.");
            case CLIENT ->
                language.say(
                        "The bank does not know the application you come from.",
                        "Банк не знает приложения, из которого вы пришли.");
            case REDIRECT_URI ->
                language.say(
                        "The application wants to have you sent to an address that the bank does not know as its own.",
                        "Приложение просит вернуть вас на адрес, который банк не знает как его собственный.");
        };
        return OAuthAnswer.page(400, Pages.problem(language, problem));
    }

    private OAuthAnswer over() {
        var language = language(null);
        return OAuthAnswer.page(
                400,
                Pages.problem(
                        language, language.say("This page no longer holds.", "Эта страница больше не действует.")));
    }

    private static Language language(@Nullable CodeRequest request) {
        return Language.of(
                request == null ? List.of() : request.languages(),
                Call.current().header("accept-language"));
    }

    private static @Nullable State state(@Nullable String state) {
        return state == null || state.isEmpty() ? null : new State(state);
    }

    /// The only value of a parameter, or nothing.
    private static String sole(Map<String, List<String>> form, String name) {
        var values = form.getOrDefault(name, List.of());
        return values.size() == 1 ? values.getFirst() : "";
    }
}
