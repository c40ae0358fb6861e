package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import bank.platform.grpc.Headers;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.AuthServiceGrpc.AuthServiceBlockingStub;
import bank.v1.LiftPauseRequest;
import bank.v1.RegisterRequest;
import bank.v1.User;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status.Code;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Who registers one account after the other is held back, over instances, and nobody else is.
final class RegistrationThrottleIT {
    private static final int MAX = 5;

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestClock clock = new TestClock();
    private static RunningIdentity identity;
    private static RunningIdentity other;

    @BeforeAll
    static void start() {
        var settings = Map.of("bank.identity.address-registrations-max", Integer.toString(MAX));
        identity = RunningIdentity.start(postgres.database(), clock, settings);
        other = RunningIdentity.start(postgres.database(), clock, settings);
    }

    @AfterAll
    static void stop() {
        identity.close();
        other.close();
    }

    private static User register(RunningIdentity instance, String address, String email) {
        return auth(instance, address)
                .register(RegisterRequest.newBuilder()
                        .setEmail(email)
                        .setPassword(RunningIdentity.PASSWORD)
                        .build());
    }

    private static AuthServiceBlockingStub auth(RunningIdentity instance, String address) {
        return RunningIdentity.with(instance.auth(), Headers.CLIENT_ADDRESS, address);
    }

    private static User register(String address) {
        return register(identity, address, UUID.randomUUID() + "@example.org");
    }

    /// All that bring no pause.
    private static void registerUpTo(String address) {
        for (var i = 1; i < MAX; i++) {
            assertThat(register(address).getId()).isPositive();
        }
    }

    /// Seconds a refused registration is told to wait.
    private static long pause(ThrowingCallable call) throws Exception {
        assertThatCall(call).fails(Code.RESOURCE_EXHAUSTED, "REGISTRATION_PAUSED");
        for (var detail : StatusProto.fromThrowable(catchThrowable(call)).getDetailsList()) {
            if (detail.is(RetryInfo.class)) {
                return detail.unpack(RetryInfo.class).getRetryDelay().getSeconds();
            }
        }
        throw new AssertionError("no RetryInfo");
    }

    private static String reason(ThrowingCallable call) throws Exception {
        var thrown = catchThrowable(call);
        return thrown == null
                ? ""
                : StatusProto.fromThrowable(thrown)
                        .getDetails(0)
                        .unpack(ErrorInfo.class)
                        .getReason();
    }

    @Test
    void pausesGrowAfterTheFifthWhateverCameOfThem() throws Exception {
        var taken = register("192.0.2.1").getEmail();
        for (var i = 1; i <= MAX; i++) {
            assertThatCall(() -> register(identity, "192.0.2.2", taken)).fails(Code.ALREADY_EXISTS, "EMAIL_TAKEN");
        }
        for (var pause : List.of(1L, 2L, 4L, 8L)) {
            assertThat(pause(() -> register(identity, "192.0.2.2", taken))).isEqualTo(pause);
            assertThat(pause(() -> register(other, "192.0.2.2", UUID.randomUUID() + "@example.org")))
                    .isEqualTo(pause);
            clock.advance(Duration.ofSeconds(pause).minusMillis(1));
            assertThat(pause(() -> register("192.0.2.2"))).isEqualTo(1);
            clock.advance(Duration.ofMillis(1));
            assertThat(register("192.0.2.2").getId()).isPositive();
        }
        assertThat(register("192.0.2.3").getId()).as("elsewhere").isPositive();
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT subject || ' ' || detail FROM audit_event WHERE type = 'REGISTRATION_PAUSED'"
                                + " AND subject = 'address:192.0.2.2' ORDER BY number"))
                .hasSize(5)
                .first()
                .asString()
                .startsWith("address:192.0.2.2 5 registrations, until ");
    }

    @Test
    void whatIsRefusedForItsFormDoesNotCount() {
        registerUpTo("192.0.2.10");
        for (var i = 0; i < MAX; i++) {
            assertThatCall(() -> auth(identity, "192.0.2.10")
                            .register(RegisterRequest.newBuilder()
                                    .setEmail("weak@example.org")
                                    .setPassword("password123")
                                    .build()))
                    .fails(Code.INVALID_ARGUMENT, "WEAK_PASSWORD");
        }
        assertThat(register("192.0.2.10").getId()).isPositive();
        assertThatCall(() -> register("192.0.2.10")).fails(Code.RESOURCE_EXHAUSTED, "REGISTRATION_PAUSED");
    }

    @Test
    void dryRunsCount() throws Exception {
        var taken = register("192.0.2.20").getEmail();
        var dry = RunningIdentity.with(auth(identity, "192.0.2.21"), Headers.VALIDATE_ONLY, "true");
        var request = RegisterRequest.newBuilder()
                .setEmail(taken)
                .setPassword(RunningIdentity.PASSWORD)
                .build();
        var reasons = new ArrayList<String>();
        for (var i = 0; i <= MAX; i++) {
            reasons.add(reason(() -> dry.register(request)));
        }
        assertThat(reasons).last().isEqualTo("REGISTRATION_PAUSED");
    }

    @Test
    void addressesOfOneNetworkCountAsOne() {
        registerUpTo("2001:db8:1:2::1");
        assertThat(register("2001:db8:1:2:ffff::7").getId()).isPositive();
        assertThatCall(() -> register("2001:db8:1:2:abc::9")).fails(Code.RESOURCE_EXHAUSTED, "REGISTRATION_PAUSED");
        assertThat(register("2001:db8:1:3::1").getId()).isPositive();
    }

    @Test
    void anHourForgetsOneAndADayAll() throws Exception {
        registerUpTo("192.0.2.30");
        clock.advance(Duration.ofMinutes(59));
        assertThat(register("192.0.2.30").getId()).isPositive();
        assertThat(pause(() -> register("192.0.2.30"))).isEqualTo(1);
        clock.advance(Duration.ofHours(2));
        assertThat(register("192.0.2.30").getId()).isPositive();
        assertThat(register("192.0.2.30").getId())
                .as("the fifth of those that count")
                .isPositive();
        assertThat(pause(() -> register("192.0.2.30"))).isEqualTo(1);
        clock.advance(Duration.ofHours(24));
        registerUpTo("192.0.2.30");
        assertThat(register("192.0.2.30").getId()).isPositive();
    }

    @Test
    void noneGetsPastWhenTheyComeAtOnce() throws Exception {
        var attempts = new ArrayList<Callable<String>>();
        for (var i = 0; i < 40; i++) {
            var instance = i % 2 == 0 ? identity : other;
            attempts.add(() -> reason(() -> register(instance, "192.0.2.40", UUID.randomUUID() + "@example.org")));
        }
        try (var threads = Executors.newFixedThreadPool(40)) {
            var reasons = new ArrayList<String>();
            for (var attempt : threads.invokeAll(attempts)) {
                reasons.add(attempt.get());
            }
            // On a busy machine some wait for their turn in vain.
            assertThat(reasons).isSubsetOf("", "REGISTRATION_PAUSED", "OVERLOADED");
            assertThat(reasons).filteredOn(""::equals).hasSizeBetween(1, MAX);
        }
    }

    @Test
    void administratorsLiftThePauseOfAnAddress() {
        registerUpTo("192.0.2.50");
        assertThat(register("192.0.2.50").getId()).isPositive();
        assertThatCall(() -> register("192.0.2.50")).fails(Code.RESOURCE_EXHAUSTED, "REGISTRATION_PAUSED");
        assertThat(identity.signIns(identity.adminToken())
                        .liftPause(LiftPauseRequest.newBuilder()
                                .setAddress("192.0.2.50")
                                .build()))
                .isNotNull();
        assertThat(register("192.0.2.50").getId()).isPositive();
    }
}
