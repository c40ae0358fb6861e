package bank.platform.db;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatements;

/// A running transaction. Exists only inside `Database.inTransaction`; every write demands one.
public final class Tx extends Session {
    private final Set<Runnable> afterCommit = new LinkedHashSet<>();
    private final List<Runnable> beforeCommit = new ArrayList<>();
    private boolean rollback;

    Tx(Handle handle) {
        super(handle);
    }

    /// Prepares a statement of JDBC itself, for what is done so often that Jdbi's ways are too long. It ends with the
    /// deadline of the running call, as all do.
    public PreparedStatement prepare(String source) throws SQLException {
        var statement = sql().getConnection().prepareStatement(source);
        var seconds = sql().getConfig(SqlStatements.class).getQueryTimeout();
        if (seconds != null) {
            statement.setQueryTimeout(seconds);
        }
        return statement;
    }

    /// Lets the transaction end without effect although its work succeeds: a dry run.
    public void rollbackAtEnd() {
        rollback = true;
    }

    /// Runs something at the end of the transaction, in it, unless it rolls back: what others wait for, so that they
    /// wait for as short a time as can be. In the order in which it was given.
    public void beforeCommit(Runnable work) {
        beforeCommit.add(work);
    }

    void ending() {
        beforeCommit.forEach(Runnable::run);
    }

    /// Runs something once the transaction has committed, and not if it does not: to tell others of what is there now.
    /// It must neither wait nor throw. Given twice, it runs once.
    public void afterCommit(Runnable work) {
        afterCommit.add(work);
    }

    void committed() {
        afterCommit.forEach(Runnable::run);
    }

    boolean rollsBack() {
        return rollback;
    }
}
