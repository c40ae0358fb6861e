package bank.identity.domain;

import bank.identity.keys.AuthorizationCodes;
import bank.identity.keys.SignInForms;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.AuthorizationCode;
import bank.identity.model.Caller;
import bank.identity.model.CodeRequest;
import bank.identity.model.Grant;
import bank.identity.model.IdentityException;
import bank.identity.model.OAuthClient;
import bank.identity.model.Password;
import bank.identity.model.RedirectUris;
import bank.identity.model.SignInForm;
import bank.identity.model.SignInForm.SignedIn;
import bank.identity.store.ClientStore;
import bank.identity.store.CodeStore;
import bank.platform.db.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Signing in on the bank's own pages on behalf of a client, which gets a code for it (RFC 6749, section 4.1). What
/// a page carries is sealed and bound to the browser it was made for.
public final class Authorizations {
    private static final Duration FORM_LIFE = Duration.ofMinutes(10);

    /// What comes of a page that was sent.
    public sealed interface Outcome {
        /// The client gets a code.
        record Granted(CodeRequest request, String code) implements Outcome {
            @Override
            public String toString() {
                return "Granted[" + request.clientId() + "]";
            }
        }

        /// The user does not want to, or the client may no longer ask for what it asks.
        record Refused(CodeRequest request) implements Outcome {}

        /// The user is to be asked for his password, for the page is too old.
        record Expired(Page page) implements Outcome {}

        /// The user is to be asked whether he lets the client act for him.
        record Asked(Page page) implements Outcome {}

        /// Nothing: the page was made for another browser, is no page of ours, too old or used, the client no longer
        /// what it was, or the user's sessions were ended since he signed in.
        record Lapsed() implements Outcome {}
    }

    /// A page to show.
    ///
    /// @param sealed what it carries
    public record Page(OAuthClient client, CodeRequest request, String sealed) {
        @Override
        public String toString() {
            return "Page[" + client.id() + "]";
        }
    }

    private record Known(OAuthClient client, SignInForm form, boolean fresh) {}

    private final Database database;
    private final ClientStore clients;
    private final CodeStore store;
    private final SignIns signIns;
    private final AuthorizationCodes codes;
    private final SignInForms forms;
    private final AuditLog audit;
    private final Clock clock;

    /// @param signIns checks passwords
    public Authorizations(
            Database database,
            ClientStore clients,
            CodeStore store,
            SignIns signIns,
            AuthorizationCodes codes,
            SignInForms forms,
            AuditLog audit,
            Clock clock) {
        this.database = database;
        this.clients = clients;
        this.store = store;
        this.signIns = signIns;
        this.codes = codes;
        this.forms = forms;
        this.audit = audit;
        this.clock = clock;
    }

    /// The client of that id.
    public Optional<OAuthClient> client(String id) {
        return database.read(session -> clients.find(session, id)).map(ClientStore.Stored::client);
    }

    /// A value for the cookie of a browser that has none.
    public String newBrowser() {
        return codes.next();
    }

    /// The page that asks for e-mail and password.
    public Page begin(OAuthClient client, CodeRequest request, String browser) {
        return page(client, request, browser, null);
    }

    /// Signs a user in by the page that asks for it. It may be sent as often as it takes.
    ///
    /// @param browser value of the browser's cookie
    /// @throws IdentityException BadCredentials; AccountBlocked, only when the password is right; Overloaded
    public Outcome signIn(String sealed, String browser, String email, Password password, Caller caller) {
        var known = known(sealed, browser).orElse(null);
        if (known == null || known.form().user() != null) {
            return new Outcome.Lapsed();
        }
        var request = known.form().request();
        if (!known.fresh()) {
            return new Outcome.Expired(begin(known.client(), request, browser));
        }
        var user = new SignedIn(signIns.prove(email, password, caller).user(), clock.instant());
        return known.client().firstParty() ? grant(known, user, caller) : ask(known, user, browser, caller);
    }

    /// Asks whether the client may act for him. Whoever leaves it at that has proved a password all the same.
    private Outcome ask(Known known, SignedIn user, String browser, Caller caller) {
        var client = known.client();
        var page = page(client, known.form().request(), browser, user);
        return database.inTransaction(tx -> {
            audit.append(tx, AuditType.CONSENT_ASKED, caller, AuditEvent.user(user.id()), "client " + client.id());
            return new Outcome.Asked(page);
        });
    }

    /// What the user says of letting the client act for him.
    ///
    /// @param browser value of the browser's cookie
    public Outcome consent(String sealed, String browser, boolean allowed, Caller caller) {
        var known = known(sealed, browser).filter(Known::fresh).orElse(null);
        var user = known == null ? null : known.form().user();
        if (known == null || user == null) {
            return new Outcome.Lapsed();
        }
        return allowed ? grant(known, user, caller) : refuse(known, user, caller);
    }

    /// The user turned back before he signed in.
    ///
    /// @param browser value of the browser's cookie
    public Outcome cancel(String sealed, String browser) {
        return known(sealed, browser)
                .<Outcome>map(known -> new Outcome.Refused(known.form().request()))
                .orElseGet(Outcome.Lapsed::new);
    }

    /// The same page again, for another try.
    ///
    /// @param browser value of the browser's cookie
    public Optional<Page> again(String sealed, String browser) {
        return known(sealed, browser)
                .map(known -> begin(known.client(), known.form().request(), browser));
    }

    private Page page(OAuthClient client, CodeRequest request, String browser, @Nullable SignedIn user) {
        var form = new SignInForm(request, codes.next(), browser, clock.instant(), user);
        return new Page(client, request, forms.seal(form));
    }

    /// The form, when it was made for that browser and its client may still have an answer there.
    private Optional<Known> known(String sealed, String browser) {
        return forms.open(sealed)
                .filter(form -> AuthorizationCodes.same(form.browser(), browser))
                .flatMap(form -> client(form.request().clientId())
                        .filter(client -> client.grants().contains(Grant.AUTHORIZATION_CODE)
                                && RedirectUris.allow(
                                        client.redirectUris(), form.request().redirectUri()))
                        .map(client -> new Known(
                                client,
                                form,
                                clock.instant().isBefore(form.madeAt().plus(FORM_LIFE)))));
    }

    /// Gives the form's code. A form that is sent twice, as by a double click, gives it twice while it is unspent.
    private Outcome grant(Known known, SignedIn user, Caller caller) {
        var request = known.form().request();
        if (!known.client().mayAskFor(request.scopes())) {
            return new Outcome.Refused(request);
        }
        var digest = AuthorizationCodes.digest(known.form().code());
        return database.inTransaction(tx -> {
            if (store.insert(tx, digest, code(request, user, caller))) {
                audit.append(
                        tx,
                        AuditType.CODE_ISSUED,
                        caller,
                        AuditEvent.user(user.id()),
                        "client " + request.clientId() + ", scopes " + words(request));
                return new Outcome.Granted(request, known.form().code());
            }
            return store.find(tx, digest)
                    .filter(stored -> stored.session() == null && stored.code().userId() == user.id())
                    .<Outcome>map(
                            stored -> new Outcome.Granted(request, known.form().code()))
                    .orElseGet(Outcome.Lapsed::new);
        });
    }

    /// Spends the form's code, so that whoever has the page later cannot allow what was not.
    private Outcome refuse(Known known, SignedIn user, Caller caller) {
        var request = known.form().request();
        var digest = AuthorizationCodes.digest(known.form().code());
        return database.inTransaction(tx -> {
            if (!store.insert(tx, digest, code(request, user, caller))) {
                return new Outcome.Lapsed();
            }
            store.spend(tx, digest, UUID.randomUUID(), Instant.EPOCH, clock.instant());
            audit.append(
                    tx, AuditType.CONSENT_REFUSED, caller, AuditEvent.user(user.id()), "client " + request.clientId());
            return new Outcome.Refused(request);
        });
    }

    private static String words(CodeRequest request) {
        return String.join(" ", request.scopes().stream().sorted().toList());
    }

    private AuthorizationCode code(CodeRequest request, SignedIn user, Caller caller) {
        return new AuthorizationCode(
                request.clientId(),
                user.id(),
                user.user().epoch(),
                request.redirectUri(),
                request.challenge(),
                request.scopes(),
                request.nonce(),
                user.at(),
                caller.origin(),
                clock.instant());
    }
}
