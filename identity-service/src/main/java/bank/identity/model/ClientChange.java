package bank.identity.model;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A change of an OAuth client; what is null stays as it is.
public record ClientChange(
        @Nullable String name,
        @Nullable Set<Grant> grants,
        @Nullable Set<String> scopes,
        @Nullable List<String> redirectUris,
        @Nullable String jwks,
        @Nullable Boolean dpopBound) {

    /// What comes of it.
    public ClientDetails of(ClientDetails before) {
        return new ClientDetails(
                Objects.requireNonNullElse(name, before.name()),
                Objects.requireNonNullElse(grants, before.grants()),
                Objects.requireNonNullElse(scopes, before.scopes()),
                Objects.requireNonNullElse(redirectUris, before.redirectUris()),
                jwks == null ? before.jwks() : jwks,
                Objects.requireNonNullElse(dpopBound, before.dpopBound()));
    }

    /// What differs between two states of a client, e.g. `name, scopes`; empty when nothing does.
    public static String told(ClientDetails before, ClientDetails after) {
        var names = new TreeSet<String>();
        note(names, "name", before.name(), after.name());
        note(names, "grants", before.grants(), after.grants());
        note(names, "scopes", before.scopes(), after.scopes());
        note(names, "redirect_uris", before.redirectUris(), after.redirectUris());
        note(names, "jwks", before.jwks(), after.jwks());
        note(names, "dpop_bound", before.dpopBound(), after.dpopBound());
        return String.join(", ", names);
    }

    private static void note(Set<String> names, String name, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            names.add(name);
        }
    }
}
