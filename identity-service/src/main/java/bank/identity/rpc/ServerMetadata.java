package bank.identity.rpc;

import bank.identity.keys.ClientKeys;
import bank.identity.model.UserScope;
import bank.platform.auth.DpopProofs;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.langtag.LangTag;
import com.nimbusds.langtag.LangTagException;
import com.nimbusds.oauth2.sdk.GrantType;
import com.nimbusds.oauth2.sdk.ResponseMode;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.openid.connect.sdk.Prompt;
import com.nimbusds.openid.connect.sdk.SubjectType;
import com.nimbusds.openid.connect.sdk.claims.ClaimType;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.net.URI;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What this authorization server can do, as it tells clients (RFC 8414; OpenID Connect Discovery 1.0): one document
/// for both.
public final class ServerMetadata {
    private static final List<GrantType> GRANTS = List.of(
            GrantType.AUTHORIZATION_CODE,
            GrantType.REFRESH_TOKEN,
            GrantType.CLIENT_CREDENTIALS,
            GrantType.PASSWORD,
            GrantType.TOKEN_EXCHANGE);
    private static final List<ClientAuthenticationMethod> PROOFS = List.of(
            ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
            ClientAuthenticationMethod.CLIENT_SECRET_POST,
            ClientAuthenticationMethod.PRIVATE_KEY_JWT);
    private static final List<ClientAuthenticationMethod> PROOFS_OR_NONE = Stream.concat(
                    Stream.of(ClientAuthenticationMethod.NONE), PROOFS.stream())
            .toList();
    private static final List<JWSAlgorithm> ASSERTIONS = ClientKeys.SIGNING.stream()
            .sorted(Comparator.comparing(JWSAlgorithm::getName))
            .toList();
    private static final List<String> CLAIMS = List.of(
            "iss",
            "sub",
            "aud",
            "exp",
            "iat",
            "auth_time",
            "nonce",
            "at_hash",
            "sid",
            "name",
            "given_name",
            "middle_name",
            "family_name",
            "birthdate",
            "gender",
            "email",
            "email_verified",
            "phone_number",
            "phone_number_verified",
            "address");

    private final String document;

    /// @param issuer URL the bank is reached at
    public ServerMetadata(String issuer) {
        var base = base(issuer);
        var metadata = new OIDCProviderMetadata(
                new Issuer(issuer), List.of(SubjectType.PUBLIC), URI.create(base + "/.well-known/jwks.json"));
        metadata.setAuthorizationEndpointURI(URI.create(base + "/oauth2/authorize"));
        metadata.setTokenEndpointURI(URI.create(base + "/oauth2/token"));
        metadata.setUserInfoEndpointURI(URI.create(base + "/oauth2/userinfo"));
        metadata.setScopes(new Scope(
                Arrays.stream(UserScope.values()).map(UserScope::value).toArray(String[]::new)));
        metadata.setResponseTypes(List.of(ResponseType.CODE));
        metadata.setResponseModes(List.of(ResponseMode.QUERY));
        metadata.setGrantTypes(GRANTS);
        metadata.setCodeChallengeMethods(List.of(CodeChallengeMethod.S256));
        metadata.setTokenEndpointAuthMethods(PROOFS_OR_NONE);
        metadata.setTokenEndpointJWSAlgs(ASSERTIONS);
        metadata.setRevocationEndpointURI(URI.create(base + "/oauth2/revoke"));
        metadata.setRevocationEndpointAuthMethods(PROOFS_OR_NONE);
        metadata.setRevocationEndpointJWSAlgs(ASSERTIONS);
        metadata.setIntrospectionEndpointURI(URI.create(base + "/oauth2/introspect"));
        metadata.setIntrospectionEndpointAuthMethods(PROOFS);
        metadata.setIntrospectionEndpointJWSAlgs(ASSERTIONS);
        metadata.setIDTokenJWSAlgs(List.of(JWSAlgorithm.PS256));
        metadata.setDPoPJWSAlgs(
                DpopProofs.ALGORITHMS.stream().map(JWSAlgorithm::parse).toList());
        metadata.setClaimTypes(List.of(ClaimType.NORMAL));
        metadata.setClaims(CLAIMS);
        metadata.setPromptTypes(List.of(Prompt.Type.NONE, Prompt.Type.LOGIN, Prompt.Type.CONSENT));
        metadata.setSupportsAuthorizationResponseIssuerParam(true);
        metadata.setSupportsRequestParam(false);
        metadata.setSupportsRequestURIParam(false);
        metadata.setSupportsClaimsParams(false);
        try {
            metadata.setUILocales(List.of(new LangTag("ru"), new LangTag("en")));
        } catch (LangTagException e) {
            throw new IllegalStateException("ru and en are languages", e);
        }
        this.document = metadata.toJSONObject().toJSONString();
    }

    /// What the paths of the bank's URLs follow.
    public static String base(String issuer) {
        return issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    }

    /// The document, JSON.
    String document() {
        return document;
    }
}
