package bank.document.events;

import bank.document.store.DeceasedUserStore;
import bank.platform.events.Effect;
import bank.platform.events.EventContext;
import bank.platform.events.EventHandler;
import bank.v1.UserStatus;
import bank.v1.UserStatusChanged;

/// Holds the documents of users who have died against deletion, those that come later too, and lets go of them when a
/// user turns out to live.
public final class UserDeaths implements EventHandler<UserStatusChanged> {
    private final DeceasedUserStore store;

    public UserDeaths(DeceasedUserStore store) {
        this.store = store;
    }

    @Override
    public Effect handle(UserStatusChanged event, EventContext context) {
        var deceased = event.getStatus() == UserStatus.USER_STATUS_DECEASED;
        return tx -> store.put(tx, event.getUserId(), context.version(), deceased);
    }
}
