package bank.identity.rpc;

import bank.identity.model.ClientChange;
import bank.identity.model.ClientDetails;
import bank.identity.model.ClientOrigin;
import bank.identity.model.ClientType;
import bank.identity.model.Grant;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure.FieldInvalid;
import bank.identity.model.RegisteredClient;
import bank.v1.ClientGrant;
import bank.v1.CreateOAuthClientRequest;
import bank.v1.OAuthClient;
import bank.v1.OAuthClientCredentials;
import bank.v1.UpdateOAuthClientRequest;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// OAuth clients to and from messages of bank.v1.
final class OAuthClientProtos {
    private static final List<String> CHANGEABLE =
            List.of("name", "grants", "scopes", "redirect_uris", "jwks", "dpop_bound");

    private OAuthClientProtos() {}

    static ClientDetails details(CreateOAuthClientRequest request) {
        return new ClientDetails(
                request.getName(),
                grants(request.getGrantsList()),
                Set.copyOf(request.getScopesList()),
                request.getRedirectUrisList(),
                request.getJwks().isEmpty() ? null : request.getJwks(),
                request.getDpopBound());
    }

    /// The request with its mask told in one way, so that the same change is the same request however it was asked for.
    static UpdateOAuthClientRequest canonical(UpdateOAuthClientRequest request) {
        var named = request.hasUpdateMask() ? masked(request) : present(request);
        if (named.isEmpty()) {
            throw invalid("update_mask", "names nothing to change");
        }
        return request.toBuilder()
                .setUpdateMask(FieldMask.newBuilder().addAllPaths(named))
                .build();
    }

    /// The change a request with a mask asks for.
    static ClientChange change(UpdateOAuthClientRequest request) {
        var named = Set.copyOf(request.getUpdateMask().getPathsList());
        return new ClientChange(
                named.contains("name") ? request.getName() : null,
                named.contains("grants") ? grants(request.getGrantsList()) : null,
                named.contains("scopes") ? Set.copyOf(request.getScopesList()) : null,
                named.contains("redirect_uris") ? request.getRedirectUrisList() : null,
                named.contains("jwks") ? request.getJwks() : null,
                named.contains("dpop_bound") ? (Boolean) request.getDpopBound() : null);
    }

    private static Set<String> masked(UpdateOAuthClientRequest request) {
        var named = new TreeSet<>(request.getUpdateMask().getPathsList());
        if (named.contains("*")) {
            named.remove("*");
            named.addAll(CHANGEABLE);
            if (request.getJwks().isEmpty()) {
                named.remove("jwks");
            }
        }
        for (var path : named) {
            if (!CHANGEABLE.contains(path)) {
                throw invalid("update_mask", "cannot change " + path);
            }
        }
        if (named.contains("name") && request.getName().isEmpty()) {
            throw invalid("name", "a client always has one");
        }
        return named;
    }

    private static Set<String> present(UpdateOAuthClientRequest request) {
        var named = new TreeSet<String>();
        for (var field : request.getAllFields().keySet()) {
            if (CHANGEABLE.contains(field.getName())) {
                named.add(field.getName());
            }
        }
        return named;
    }

    static ClientType type(bank.v1.ClientType type) {
        return switch (type) {
            case CLIENT_TYPE_PUBLIC -> ClientType.PUBLIC;
            case CLIENT_TYPE_SECRET -> ClientType.SECRET;
            case CLIENT_TYPE_KEYS -> ClientType.KEYS;
            case CLIENT_TYPE_UNSPECIFIED, UNRECOGNIZED -> throw invalid("type", "must be one of public, secret, keys");
        };
    }

    /// Without the secret itself, which is never stored.
    static OAuthClientCredentials credentials(RegisteredClient client) {
        var proto = toProto(client);
        return OAuthClientCredentials.newBuilder()
                .setId(proto.getId())
                .setSecretId(client.secretId() == null ? "" : client.secretId().toString())
                .setClient(proto)
                .setEtag(proto.getEtag())
                .build();
    }

    static OAuthClient toProto(RegisteredClient registered) {
        var client = registered.client();
        var proto = OAuthClient.newBuilder()
                .setId(client.id())
                .setName(client.name())
                .setType(toProto(registered.type()))
                .addAllGrants(client.grants().stream()
                        .sorted()
                        .map(OAuthClientProtos::toProto)
                        .toList())
                .addAllScopes(client.scopes().stream().sorted().toList())
                .addAllRedirectUris(client.redirectUris())
                .setJwks(client.jwks() == null ? "" : client.jwks())
                .setDpopBound(client.dpopBound())
                .setFirstParty(client.firstParty())
                .setOrigin(toProto(registered.origin()))
                .setCreatedAt(toProto(registered.createdAt()))
                .setEtag(registered.etag());
        if (registered.oldSecretEndsAt() != null) {
            proto.setOldSecretEndsAt(toProto(registered.oldSecretEndsAt()));
        }
        return proto.build();
    }

    private static Set<Grant> grants(List<ClientGrant> grants) {
        return grants.stream().map(OAuthClientProtos::grant).collect(Collectors.toCollection(HashSet::new));
    }

    private static Grant grant(ClientGrant grant) {
        return switch (grant) {
            case CLIENT_GRANT_PASSWORD -> Grant.PASSWORD;
            case CLIENT_GRANT_REFRESH_TOKEN -> Grant.REFRESH_TOKEN;
            case CLIENT_GRANT_CLIENT_CREDENTIALS -> Grant.CLIENT_CREDENTIALS;
            case CLIENT_GRANT_AUTHORIZATION_CODE -> Grant.AUTHORIZATION_CODE;
            case CLIENT_GRANT_UNSPECIFIED, UNRECOGNIZED ->
                throw invalid("grants", "must be of authorization_code, refresh_token, client_credentials");
        };
    }

    private static ClientGrant toProto(Grant grant) {
        return switch (grant) {
            case PASSWORD -> ClientGrant.CLIENT_GRANT_PASSWORD;
            case REFRESH_TOKEN -> ClientGrant.CLIENT_GRANT_REFRESH_TOKEN;
            case CLIENT_CREDENTIALS -> ClientGrant.CLIENT_GRANT_CLIENT_CREDENTIALS;
            case AUTHORIZATION_CODE -> ClientGrant.CLIENT_GRANT_AUTHORIZATION_CODE;
        };
    }

    private static bank.v1.ClientType toProto(ClientType type) {
        return switch (type) {
            case PUBLIC -> bank.v1.ClientType.CLIENT_TYPE_PUBLIC;
            case SECRET -> bank.v1.ClientType.CLIENT_TYPE_SECRET;
            case KEYS -> bank.v1.ClientType.CLIENT_TYPE_KEYS;
        };
    }

    private static bank.v1.ClientOrigin toProto(ClientOrigin origin) {
        return switch (origin) {
            case BUILT_IN -> bank.v1.ClientOrigin.CLIENT_ORIGIN_BUILT_IN;
            case SETTINGS -> bank.v1.ClientOrigin.CLIENT_ORIGIN_SETTINGS;
            case REGISTRY -> bank.v1.ClientOrigin.CLIENT_ORIGIN_REGISTRY;
        };
    }

    private static Timestamp toProto(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    private static IdentityException invalid(String field, String description) {
        return new IdentityException(new FieldInvalid(field, description));
    }
}
