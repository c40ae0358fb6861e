package bank.contract.client;

import bank.v1.LookupUsersRequest;
import bank.v1.UserServiceGrpc;
import bank.v1.UserServiceGrpc.UserServiceBlockingStub;
import io.grpc.Channel;

/// Users, as identity-service knows them.
public final class UserClient {
    private final UserServiceBlockingStub users;

    /// @param asService channel to identity-service whose calls carry this service's own token, scope
    ///     `users:read`
    public UserClient(Channel asService) {
        this.users = UserServiceGrpc.newBlockingStub(asService);
    }

    /// There is such a user, whatever his role and status.
    public boolean exists(long userId) {
        return users.lookupUsers(LookupUsersRequest.newBuilder().addIds(userId).build()).getUsersList().stream()
                .anyMatch(user -> user.getId() == userId);
    }
}
