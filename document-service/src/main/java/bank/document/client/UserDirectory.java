package bank.document.client;

import bank.v1.LookupUsersRequest;
import bank.v1.Role;
import bank.v1.UserServiceGrpc;
import io.grpc.Channel;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The users that identity-service knows.
public final class UserDirectory {
    private final UserServiceGrpc.UserServiceBlockingStub users;

    /// @param identity channel to identity-service that carries this service's own token
    public UserDirectory(Channel identity) {
        this.users = UserServiceGrpc.newBlockingStub(identity);
    }

    /// The users with these numbers that exist, by number.
    ///
    /// @param ids 0 to 1000 numbers
    public Map<Long, BankUser> find(Collection<Long> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        return users
                .lookupUsers(LookupUsersRequest.newBuilder()
                        .addAllIds(ids.stream().distinct().toList())
                        .build())
                .getUsersList()
                .stream()
                .map(user -> new BankUser(
                        user.getId(), user.getRole() == Role.ROLE_EMPLOYEE || user.getRole() == Role.ROLE_ADMIN))
                .collect(Collectors.toMap(BankUser::id, Function.identity()));
    }

    /// The user with that number, if he exists.
    public Optional<BankUser> find(long id) {
        return Optional.ofNullable(find(List.of(id)).get(id));
    }
}
