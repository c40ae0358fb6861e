package bank.identity;

import bank.platform.config.ServiceConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Settings of identity-service, `bank.identity.…` or `BANK_IDENTITY_…` in the environment. Durations are
/// ISO 8601, e.g. `PT10M`.
@ConfigMapping(prefix = "bank.identity")
public interface IdentityConfig extends ServiceConfig {
    /// Key that encrypts the signing keys and session secrets in the database: base64 of 32 random bytes,
    /// the same for all instances, kept apart from the database. Required.
    String keyEncryptionKey();

    /// Life of an access token, 1 minute to 1 hour.
    @WithDefault("PT10M")
    Duration accessTokenLife();

    /// How long a session lives after its last use, 1 hour to 1 year.
    @WithDefault("P30D")
    Duration sessionUnusedMax();

    /// How long a session lives at all, no shorter than `session-unused-max`, at most 1 year.
    @WithDefault("P90D")
    Duration sessionTotalMax();

    /// How long a key signs access tokens before the next one is made, 1 day to 2 years.
    @WithDefault("P90D")
    Duration signingKeyLife();

    /// Failed sign-ins of an account from which on it has to wait before the next, 3 to 100.
    @WithDefault("5")
    int accountFailuresMax();

    /// Failed sign-ins from an address from which on it has to wait, 10 to 100,000; of IPv6 five times as many from a
    /// /56 and 25 times from a /48.
    @WithDefault("20")
    int addressFailuresMax();

    /// Registrations from an address from which on it has to wait before the next, a minute at most, 3 to
    /// 100,000; of IPv6 five times as many from a /56 and 25 times from a /48. Default: 20, in a
    /// demonstration 10,000.
    Optional<Integer> addressRegistrationsMax();

    /// The longest wait for a sign-in, 1 second to 1 day.
    @WithDefault("PT15M")
    Duration signInPauseMax();

    /// Addresses and networks, separated by commas, from which the edge calls: its word on the client's address is
    /// believed, nobody else's.
    @WithDefault("127.0.0.0/8,::1")
    Set<String> proxies();

    /// Accept the sample identifiers of the sandbox registries.
    @WithDefault("false")
    boolean sandbox();

    /// Make the demonstration's users and clients, whose passwords are public.
    @WithDefault("false")
    boolean demo();

    /// Accept the commonest passwords.
    @WithDefault("false")
    boolean commonPasswordsAllowed();

    /// E-mail of the administrator who is made when there is none.
    @WithDefault("admin@bank.local")
    String adminEmail();

    /// Give the administrator of `admin-email` a new password at this start and print it: the way back in
    /// when the first one was lost. Ends his sessions. To be switched off again afterwards.
    @WithDefault("false")
    boolean adminReset();

    /// Passwords hashed at once, 1 to 64; each takes 19 MiB and a core. Default: twice the cores, within an
    /// eighth of the heap.
    Optional<Integer> hashingsMax();

    /// Machine clients, by a name of no meaning: each is stored at start, or brought up to date.
    Map<String, MachineClient> clients();

    /// Further issuers whose users are users here (single sign-on), by a name of no meaning. Default: none.
    Map<String, IssuerConfig> issuers();

    /// An issuer whose access tokens are exchanged for ones of the bank (RFC 8693).
    interface IssuerConfig {
        /// What its tokens name as `iss`, e.g. `https://sso.example.com/realms/staff`.
        String url();

        /// Audience (`aud`) its tokens must name.
        String audience();

        /// Address of its key set (JWKS): `https`, or `http` on this machine. Default: where its own description,
        /// `URL/.well-known/openid-configuration`, says.
        Optional<String> keys();

        /// Algorithms its tokens may be signed with, out of PS256, PS384, PS512, RS256, RS384, RS512, ES256, ES384,
        /// ES512.
        @WithDefault("PS256")
        Set<String> algorithms();

        /// Types (`typ`) its tokens may have. `JWT` is for issuers that do not follow RFC 9068; mind that their ID
        /// tokens are of this type too, so that the audience must tell them apart.
        @WithDefault("at+jwt")
        Set<String> types();

        /// Where its tokens name the user's roles: a claim, or a path to one within others, e.g.
        /// `realm_access.roles`.
        @WithDefault("roles")
        String rolesClaim();

        /// What its roles are here, separated by commas, e.g. `teller=employee,it-staff=admin`: `client`, `employee`
        /// or `admin`. The highest counts; a user without any is refused.
        Set<String> roleMapping();

        /// Make a user here at first sight of one of its users. Otherwise an administrator links them.
        @WithDefault("false")
        boolean provision();
    }

    /// A program that acts for itself.
    interface MachineClient {
        /// Its client id, e.g. `document-service`. Default: the name it is listed under.
        Optional<String> id();

        /// Its secret, at least 16 characters.
        String secret();

        /// Scopes it may ask for, separated by commas, e.g. `users:read,documents:hold`.
        Set<String> scopes();
    }
}
