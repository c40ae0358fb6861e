package bank.edge.auth;

import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/// Settings of a further issuer of access tokens, beside identity-service.
public interface IssuerConfig {
    /// What its tokens name as `iss`, e.g. `https://sso.example.com/realms/partners`.
    String url();

    /// Address of its key set (JWKS): `https`, or `http` on this machine.
    String keys();

    /// Audience (`aud`) its tokens must name.
    String audience();

    /// Algorithms its tokens may be signed with, out of PS256, PS384, PS512, RS256, RS384, RS512, ES256, ES384, ES512.
    @WithDefault("PS256")
    List<String> algorithms();

    /// Types (`typ`) its tokens may have. `JWT` is for issuers that do not follow RFC 9068; mind that their ID tokens
    /// are of this type too, so that the audience must tell them apart.
    @WithDefault("at+jwt")
    List<String> types();

    /// Whether its users are users here: its tokens are exchanged at identity-service, which has to know the issuer
    /// too (`bank.identity.issuers.…`), for ones of its own. Otherwise its tokens make machine callers, for further
    /// services alone.
    @WithDefault("false")
    boolean users();

    /// Scopes that count when its tokens have them; all others are dropped. Default: none.
    Optional<List<String>> scopes();
}
