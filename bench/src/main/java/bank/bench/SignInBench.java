package bank.bench;

import bank.identity.password.HashCost;
import bank.v1.AuthServiceGrpc;
import bank.v1.LoginRequest;
import bank.v1.RegisterRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// Sign-ins through gRPC at identity-service, against the Argon2id of the same cost that each of them has to compute.
final class SignInBench {
    private static final int USERS = 64;
    private static final int WORKERS = 8 * Runtime.getRuntime().availableProcessors();
    private static final String PASSWORD = "Длинный пароль 42";
    private static final Duration WARM_UP = Duration.ofSeconds(30);

    private SignInBench() {}

    static void main(String[] arguments) throws Exception {
        var rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        var seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8;
        try (var bank = BenchBank.start()) {
            var next = new AtomicInteger();
            var emails = users(bank);
            var stub = AuthServiceGrpc.newBlockingStub(bank.identityChannel());
            Load.Work signIn = () -> stub.login(LoginRequest.newBuilder()
                            .setEmail(emails.get(next.getAndIncrement() % USERS))
                            .setPassword(PASSWORD)
                            .build())
                    .getExpiresIn();
            Load.run(WORKERS, WARM_UP, signIn);
            Load.run(WORKERS, WARM_UP.dividedBy(2), SignInBench::hash);
            var ratios = new double[rounds];
            for (var round = 0; round < rounds; round++) {
                var time = Duration.ofSeconds(seconds);
                var hashes = Load.run(WORKERS, time, SignInBench::hash);
                var signIns = Load.run(WORKERS, time, signIn);
                ratios[round] = signIns.perSecond() / hashes.perSecond();
                System.out.printf(
                        "%.1f sign-ins/s (p50 %.0f ms, p99 %.0f ms), %.1f hashes/s, ratio %.2f%n",
                        signIns.perSecond(),
                        signIns.millis(0.5),
                        signIns.millis(0.99),
                        hashes.perSecond(),
                        ratios[round]);
            }
            Arrays.sort(ratios);
            System.out.printf(
                    "sign-ins / bare Argon2id: median %.2f (%.2f to %.2f; goal: at least 0.9)%n",
                    ratios[rounds / 2], ratios[0], ratios[rounds - 1]);
        }
    }

    private static List<String> users(BenchBank bank) {
        var stub = AuthServiceGrpc.newBlockingStub(bank.identityChannel());
        var emails = new ArrayList<String>();
        for (var i = 0; i < USERS; i++) {
            var user = RegisterRequest.newBuilder()
                    .setEmail("bench" + i + "@example.com")
                    .setPassword(PASSWORD);
            emails.add(stub.register(user.build()).getEmail());
        }
        return emails;
    }

    private static long hash() {
        var cost = HashCost.OWASP;
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKib())
                .withIterations(cost.iterations())
                .withParallelism(cost.lanes())
                .withSalt(new byte[16])
                .build());
        var hash = new byte[32];
        generator.generateBytes(PASSWORD.getBytes(StandardCharsets.UTF_8), hash);
        return hash[0];
    }
}
