package bank.identity;

import bank.identity.IdentityConfig.MachineClient;
import bank.identity.keys.Vault;
import bank.identity.model.AddressRange;
import bank.identity.model.ClientRegistration;
import bank.identity.model.EmailAddress;
import bank.identity.model.OAuthClient;
import bank.identity.model.Password;
import bank.identity.model.UserIssuer;
import bank.platform.config.Ranges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// The configuration found in order, in the types the service works with.
///
/// @param vault opened by the key-encryption key
/// @param clients machine clients
/// @param issuers further issuers whose users are users here
/// @param adminEmail e-mail of the first administrator
/// @param hashingsMax passwords hashed at once
/// @param addressRegistrationsMax registrations from an address from which on it has to wait
/// @param proxies whose word on the client's address is believed
record IdentitySettings(
        Vault vault,
        List<ClientRegistration> clients,
        List<UserIssuer> issuers,
        EmailAddress adminEmail,
        int hashingsMax,
        int addressRegistrationsMax,
        List<AddressRange> proxies) {
    private static final long HASHING_BYTES = 20L * 1024 * 1024;
    private static final int HASHINGS_MAX = 64;
    private static final int REGISTRATIONS_MAX = 20;
    private static final int DEMO_REGISTRATIONS_MAX = 10_000;
    private static final Duration YEAR = Duration.ofDays(366);

    /// Checks every setting.
    ///
    /// @throws bank.platform.config.InvalidSettingsException listing every problem
    static IdentitySettings of(IdentityConfig config) {
        var key = key(config.keyEncryptionKey());
        var adminEmail = EmailAddress.parse(config.adminEmail());
        var proxies = config.proxies().stream().map(AddressRange::parse).toList();
        var hashingsMax = config.hashingsMax().orElseGet(IdentitySettings::hashingsFitting);
        var registrationsMax =
                config.addressRegistrationsMax().orElse(config.demo() ? DEMO_REGISTRATIONS_MAX : REGISTRATIONS_MAX);
        var ranges = Ranges.of("bank.identity", config)
                .require("key-encryption-key", key.length == Vault.KEY_BYTES, "must be base64 of 32 bytes")
                .within("access-token-life", config.accessTokenLife(), Duration.ofMinutes(1), Duration.ofHours(1))
                .within("session-unused-max", config.sessionUnusedMax(), Duration.ofHours(1), YEAR)
                .within("session-total-max", config.sessionTotalMax(), config.sessionUnusedMax(), YEAR)
                .within("signing-key-life", config.signingKeyLife(), Duration.ofDays(1), YEAR.multipliedBy(2))
                .within("account-failures-max", config.accountFailuresMax(), 3, 100)
                .within("address-failures-max", config.addressFailuresMax(), 10, 100_000)
                .within("address-registrations-max", registrationsMax, 3, 100_000)
                .within("sign-in-pause-max", config.signInPauseMax(), Duration.ofSeconds(1), Duration.ofDays(1))
                .require("proxies", proxies.stream().allMatch(Optional::isPresent), "must be addresses or networks")
                .require("admin-email", adminEmail.isPresent(), "must be an e-mail address")
                .within("hashings-max", hashingsMax, 1, HASHINGS_MAX);
        var clients = new ArrayList<ClientRegistration>();
        config.clients().forEach((name, client) -> clients.add(registration(ranges, name, client)));
        var issuers = UserIssuerSettings.of(ranges, config.tokens().issuer(), config.issuers());
        ranges.check();
        return new IdentitySettings(
                new Vault(key),
                List.copyOf(clients),
                issuers,
                adminEmail.orElseThrow(),
                hashingsMax,
                registrationsMax,
                proxies.stream().flatMap(Optional::stream).toList());
    }

    private static ClientRegistration registration(Ranges ranges, String name, MachineClient client) {
        var registration =
                new ClientRegistration(client.id().orElse(name), new Password(client.secret()), client.scopes());
        ranges.require(
                        "clients." + name,
                        !registration.id().equals(OAuthClient.DEFAULT_ID),
                        "must not be the public client " + OAuthClient.DEFAULT_ID)
                .require(
                        "clients." + name + ".secret",
                        registration.secret().length() >= ClientRegistration.SECRET_LENGTH_MIN,
                        "must have at least " + ClientRegistration.SECRET_LENGTH_MIN + " characters");
        return registration;
    }

    private static byte[] key(String base64) {
        try {
            return Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static int hashingsFitting() {
        var byCores = 2 * Runtime.getRuntime().availableProcessors();
        var byHeap = Runtime.getRuntime().maxMemory() / 8 / HASHING_BYTES;
        return Math.clamp(Math.min(byCores, byHeap), 1, HASHINGS_MAX);
    }
}
