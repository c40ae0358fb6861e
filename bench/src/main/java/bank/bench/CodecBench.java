package bank.bench;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// The edge's JSON codec against protobuf-jackson and protobuf-java-util: throughput, and bytes allocated.
final class CodecBench {
    private static final int ROUNDS = 5;
    private static final int SECONDS = 2;

    private CodecBench() {}

    static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : ROUNDS;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : SECONDS;
        var options = new OptionsBuilder()
                .include("^" + CodecWork.class.getName() + "\\.")
                .mode(Mode.Throughput)
                .timeUnit(TimeUnit.SECONDS)
                .forks(1)
                .threads(1)
                .warmupIterations(rounds)
                .warmupTime(TimeValue.seconds(seconds))
                .measurementIterations(rounds)
                .measurementTime(TimeValue.seconds(seconds))
                .addProfiler(GCProfiler.class)
                .build();
        print(new Runner(options).run());
    }

    private static void print(Collection<RunResult> results) {
        System.out.printf(
                "%n%-6s %-10s %12s %22s %22s %14s %14s%n",
                "work",
                "message",
                "codec op/s",
                "to protobuf-jackson",
                "to JsonFormat",
                "bytes/jackson",
                "bytes/JsonFormat");
        for (String work : List.of("parse", "print")) {
            for (String message : List.of("document", "page", "portfolio")) {
                var ours = find(results, work + "WithCodec", message);
                var jackson = find(results, work + "WithJackson", message);
                var jsonFormat = find(results, work + "WithJsonFormat", message);
                System.out.printf(
                        "%-6s %-10s %12.0f %22.2f %22.2f %14.2f %14.2f%n",
                        work,
                        message,
                        ours.perSecond(),
                        ours.perSecond() / jackson.perSecond(),
                        ours.perSecond() / jsonFormat.perSecond(),
                        ours.bytes() / jackson.bytes(),
                        ours.bytes() / jsonFormat.bytes());
            }
        }
        System.out.println("(goal: at least 2 times the throughput of protobuf-jackson)");
    }

    private record Figures(double perSecond, double bytes) {}

    private static Figures find(Collection<RunResult> results, String method, String message) {
        RunResult result = results.stream()
                .filter(each -> each.getParams().getBenchmark().endsWith("." + method)
                        && each.getParams().getParam("message").equals(message))
                .findFirst()
                .orElseThrow();
        return new Figures(
                result.getPrimaryResult().getScore(),
                Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"))
                        .getScore());
    }
}
