package bank.identity.model;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// Another issuer whose users are users here.
///
/// @param url what its tokens name as `iss`
/// @param audience what `aud` must hold
/// @param keys address of its key set; empty: where its description of itself says
/// @param algorithms what its tokens may be signed with
/// @param types what `typ` may be
/// @param rolesClaim where its roles are, the names on the way to them
/// @param roles what each of its roles is here; others count for nothing
/// @param provision its users become users here at first sight
public record UserIssuer(
        String url,
        String audience,
        String keys,
        Set<String> algorithms,
        Set<String> types,
        List<String> rolesClaim,
        Map<String, Role> roles,
        boolean provision) {
    public UserIssuer {
        algorithms = Set.copyOf(algorithms);
        types = Set.copyOf(types);
        rolesClaim = List.copyOf(rolesClaim);
        roles = Map.copyOf(roles);
    }
}
