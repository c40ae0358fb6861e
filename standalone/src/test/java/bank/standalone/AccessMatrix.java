package bank.standalone;

import static bank.standalone.AccessPeople.UNKNOWN_SCOPE;
import static bank.standalone.AccessPeople.nobody;

import bank.standalone.AccessPeople.Holding;
import bank.standalone.AccessPeople.Somebody;
import bank.standalone.Caller.Answer;
import bank.v1.Options;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Whom each rpc lets in, observed: everybody calls it by every way there is.
///
/// @param scopes every scope that some rpc names
/// @param faults takes what no table can tell
record AccessMatrix(AccessPeople people, Collection<String> scopes, Queue<String> faults) {
    private static final String YES = "yes";
    private static final String NONE = "–";
    // What every reader meets on each line has a short name.
    private static final Map<String, String> SHORT = Map.of(
            "UNAUTHENTICATED TOKEN_MISSING", "sign in",
            "PERMISSION_DENIED ROLE_MISSING", "role",
            "PERMISSION_DENIED SCOPE_MISSING", "scope",
            "PERMISSION_DENIED USER_MISSING", "user",
            "NOT_FOUND NOT_FOUND", "not found");
    private static final Set<String> REFUSED = Set.of("role", "scope", "user");
    // Any other code says that the request was wrong, and so nothing of who may make it.
    private static final Set<String> TELLING = Set.of("PERMISSION_DENIED", "NOT_FOUND", "UNAUTHENTICATED");

    AccessMatrix(AccessPeople people, Collection<String> scopes) {
        this(people, new TreeSet<>(scopes), new ConcurrentLinkedQueue<>());
    }

    /// The scopes that an rpc names.
    static Set<String> declared(MethodDescriptor method) {
        var access = method.getOptions().getExtension(Options.access);
        var scopes = new TreeSet<>(access.getScopesList());
        scopes.addAll(access.getUserScopesList());
        return scopes;
    }

    /// An rpc and the ways to it, by their names.
    record Rpc(AccessCall call, AccessRequest request, Map<String, FileCaller> ways) {
        Rpc atTheService() {
            return new Rpc(call, request, Map.of("service", ways.get("service")));
        }

        Collection<String> scopes() {
            return declared(call.method());
        }
    }

    /// The cells of an rpc's line.
    List<String> cells(Rpc rpc) {
        var owned = rpc.request().owned();
        var open = seen(rpc, nobody(), people.anothers());
        var own = seen(rpc, people.client(), people.own());
        var another = owned ? seen(rpc, people.client(), people.anothers()) : NONE;
        var cells = new ArrayList<String>();
        cells.add(open);
        cells.add(own);
        cells.add(another);
        cells.add(owned ? ofOrganizations(rpc) : NONE);
        cells.add(seen(rpc, people.employee(), people.anothers()));
        cells.add(seen(rpc, people.admin(), people.anothers()));
        cells.add(scopes(rpc, people::machine, people.anothers()));
        var application = scopes(rpc, people::application, people.own());
        cells.add(application);
        // What anybody may call asks nobody for a role or a scope, and costs hashes of passwords.
        if (!open.equals(YES)) {
            checkApplications(rpc, own, another, application);
        }
        return cells;
    }

    /// The bank's own application reaches what its user does, another one what a client does, whoever its user is.
    private void checkApplications(Rpc rpc, String own, String another, String application) {
        var owned = rpc.request().owned();
        same(rpc, people.webClient(), people.own(), own);
        if (owned) {
            same(rpc, people.webClient(), people.anothers(), another);
        }
        var most = REFUSED.contains(application) ? application : owned ? another : YES;
        same(rpc, people.application(Set.copyOf(scopes)), people.anothers(), most);
        people.applicationsOfStaff().forEach(staff -> same(rpc, staff, people.anothers(), most));
    }

    /// Of a member of his organisation, of one below it, of another.
    private String ofOrganizations(Rpc rpc) {
        var cells = List.of(people.members(), people.membersBelow(), people.anothers()).stream()
                .map(of -> seen(rpc, people.organizationAdmin(), of))
                .toList();
        return Set.copyOf(cells).size() == 1 ? cells.getFirst() : String.join(", ", cells);
    }

    /// The scopes one of which is enough, or two that are together where none is; the refusal where nothing is.
    /// Scopes are many, and the service alone looks at them: by every way come those that let in, and one other.
    private String scopes(Rpc rpc, Function<Set<String>, Somebody> holder, Holding of) {
        var unknown = seen(rpc, holder.apply(Set.of(UNKNOWN_SCOPE)), of);
        if (unknown.equals(YES)) {
            return "any";
        }
        refused(rpc, UNKNOWN_SCOPE, unknown);
        var service = rpc.atTheService();
        var alone = new TreeMap<String, String>();
        scopes.forEach(scope -> alone.put(scope, seen(service, holder.apply(Set.of(scope)), of)));
        var enough = keys(alone);
        if (!enough.isEmpty()) {
            alone.forEach((scope, verdict) -> {
                if (verdict.equals(YES)) {
                    same(rpc, holder.apply(Set.of(scope)), of, YES);
                } else {
                    refused(rpc, scope, verdict);
                }
            });
            return enough;
        }
        var all = seen(rpc, holder.apply(Set.copyOf(scopes)), of);
        if (!all.equals(YES)) {
            refused(rpc, "every scope", all);
            return all;
        }
        var pairs = new TreeMap<String, String>();
        for (var one : rpc.scopes()) {
            for (var other : scopes) {
                if (!one.equals(other)) {
                    var both = holder.apply(Set.of(one, other));
                    var verdict = seen(service, both, of);
                    pairs.put(one + "` with `" + other, verdict);
                    if (verdict.equals(YES)) {
                        same(rpc, both, of, YES);
                    }
                }
            }
        }
        return keys(pairs);
    }

    private static String keys(Map<String, String> verdicts) {
        return verdicts.entrySet().stream()
                .filter(verdict -> verdict.getValue().equals(YES))
                .map(verdict -> "`" + verdict.getKey() + "`")
                .collect(Collectors.joining(", "));
    }

    private void refused(Rpc rpc, String scope, String verdict) {
        if (!REFUSED.contains(verdict)) {
            faults.add("%s with %s: %s".formatted(rpc.call().method().getFullName(), scope, verdict));
        }
    }

    private void same(Rpc rpc, Somebody caller, Holding of, String expected) {
        var seen = seen(rpc, caller, of);
        if (!seen.equals(expected)) {
            faults.add("%s by %s, %s: %s instead of %s"
                    .formatted(rpc.call().method().getFullName(), caller.name(), of.whose(), seen, expected));
        }
    }

    /// What a caller gets by each way, which must be the same.
    private String seen(Rpc rpc, Somebody caller, Holding of) {
        var verdicts = new TreeMap<String, String>();
        rpc.ways().forEach((name, way) -> {
            var request = people.fill(rpc.request().json(), of);
            var answer = rpc.call().by(way, request, caller.token());
            verdicts.put(name, verdict(answer, people.fill(rpc.request().shows(), of)));
        });
        if (Set.copyOf(verdicts.values()).size() > 1) {
            faults.add("%s by %s, %s, is not the same by every way: %s"
                    .formatted(rpc.call().method().getFullName(), caller.name(), of.whose(), verdicts));
        }
        var verdict = verdicts.firstEntry().getValue();
        if (verdict.startsWith("?")) {
            faults.add("%s by %s, %s, needs another request in AccessRequest: %s"
                    .formatted(rpc.call().method().getFullName(), caller.name(), of.whose(), verdict));
        }
        return verdict;
    }

    private static String verdict(Answer answer, String shows) {
        if (answer.code().equals("OK")) {
            return answer.body().toString().contains(shows) ? YES : "unseen";
        }
        if (shows.equals("!" + answer.reason())) {
            return YES;
        }
        if (!TELLING.contains(answer.code())) {
            return "? " + answer.code() + " " + answer.reason() + " " + answer.violations();
        }
        var refusal = answer.code() + " " + answer.reason();
        return SHORT.getOrDefault(refusal, "`" + answer.reason() + "`");
    }
}
