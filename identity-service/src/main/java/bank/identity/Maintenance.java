package bank.identity;

import bank.identity.domain.AuditEvents;
import bank.identity.domain.AuditLog;
import bank.identity.domain.KeyRotations;
import bank.identity.keys.SealedKeys;
import bank.identity.keys.VaultException;
import bank.identity.model.AuditCheck;
import bank.identity.model.AuditCheck.Mark;
import bank.identity.model.Caller;
import bank.identity.store.AuditStore;
import bank.identity.store.SigningKeyStore;
import bank.platform.Launcher;
import bank.platform.config.InvalidSettingsException;
import bank.platform.db.Database;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs commands on the database of an identity-service.
public final class Maintenance {
    /// Everything went well.
    public static final int DONE = 0;
    /// The audit log is broken.
    public static final int BROKEN = 1;
    /// It could not be done.
    public static final int FAILED = 2;

    private static final int ROWS_AT_ONCE = 50_000;

    private final AuditEvents events;
    private final KeyRotations rotations;
    private final PrintStream out;

    private Maintenance(IdentityConfig config, Database database, Clock clock, PrintStream out) {
        var vault = IdentitySettings.of(config).vault();
        var auditStore = new AuditStore();
        var audit = new AuditLog(auditStore, vault, null, clock);
        this.events = new AuditEvents(database, auditStore, audit);
        this.rotations = new KeyRotations(
                database,
                new SigningKeyStore(),
                new SealedKeys(vault),
                audit,
                new KeyRotations.Times(config.signingKeyLife(), IdentityServer.KEYS_PUBLISHED_BEFORE),
                clock);
        this.out = out;
    }

    /// Runs a command.
    ///
    /// @param config where the database is, read when the command needs it
    /// @param out where it tells what it found or did
    /// @param err where it tells what keeps it from that
    /// @return exit code for the process
    public static int run(
            Command command, Supplier<IdentityConfig> config, Clock clock, PrintStream out, PrintStream err) {
        if (command instanceof Command.Help) {
            out.println(Command.HELP);
            return DONE;
        }
        try {
            var settings = config.get();
            IdentitySettings.of(settings);
            try (var database = Database.open(settings.database(), "identity")) {
                return new Maintenance(settings, database, clock, out).run(command);
            }
        } catch (InvalidSettingsException e) {
            e.problems().forEach(err::println);
        } catch (VaultException e) {
            err.println(e.getMessage());
        } catch (RuntimeException e) {
            err.println("it could not be done: " + Launcher.causes(e));
        }
        return FAILED;
    }

    private int run(Command command) {
        // With another key every row would look changed, and new keys would be of no use to the service.
        rotations.check();
        return switch (command) {
            case Command.Help() -> DONE;
            case Command.VerifyAudit(var kept) -> verify(kept);
            case Command.ListKeys() -> list();
            case Command.RotateKeys(var now) -> now ? withdraw() : rotate();
        };
    }

    private int verify(@Nullable Mark kept) {
        var check = events.check(Mark.BEGIN, ROWS_AT_ONCE, kept);
        while (check.broken() == null && !check.whole()) {
            out.println("… " + check.reached().number() + " of " + check.newest() + " rows in order");
            check = events.check(check.reached(), ROWS_AT_ONCE, kept);
        }
        var broken = check.broken();
        if (broken != null) {
            out.println("the audit log is broken at row " + broken.number() + ": " + told(broken.kind()));
            return BROKEN;
        }
        out.println("the audit log is in order, " + check.reached().number() + " rows");
        out.println("head " + check.reached().number() + ":" + check.reached().code());
        return DONE;
    }

    private static String told(AuditCheck.Kind kind) {
        return switch (kind) {
            case CHANGED -> "it is not what it was when it was added";
            case MISSING -> "it is not there";
            case CUT_OFF -> "it and all later ones are not there";
            case SURPLUS -> "it is there, though the newest is an earlier one";
            case REPLACED -> "it is not the one that was kept: the log was written anew";
        };
    }

    private int list() {
        out.printf("%-43s  %-9s  %-20s  %-20s  %s%n", "key", "state", "made", "signs from", "to");
        rotations
                .list()
                .forEach(key -> out.println("%-43s  %-9s  %-20s  %-20s  %s"
                        .formatted(
                                key.kid(),
                                key.state().name().toLowerCase(Locale.ROOT),
                                time(key.createdAt()),
                                time(key.activatedAt()),
                                time(key.retiredAt()))
                        .strip()));
        return DONE;
    }

    private int rotate() {
        var turn = rotations.makeNext(Caller.operator());
        out.println("the next key signs from " + time(turn) + " on, when identity-service runs");
        return DONE;
    }

    private int withdraw() {
        var withdrawn = rotations.withdrawAll(Caller.operator());
        out.println(withdrawn + " withdrawn: access tokens given before end within a minute; a new key signs");
        return DONE;
    }

    private static String time(@Nullable Instant time) {
        return time == null ? "" : time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
