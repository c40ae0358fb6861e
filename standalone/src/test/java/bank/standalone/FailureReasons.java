package bank.standalone;

import bank.platform.failure.Failure;
import bank.standalone.FailureReasons.Source.Constant;
import bank.standalone.FailureReasons.Source.Parameter;
import com.google.rpc.ErrorInfo;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/// Finds the code and the reason of every `Failure` that sources build: follows the arguments of its constructor back
/// to constants, through the methods that pass them on. Refuses a source whose reason it cannot tell.
final class FailureReasons {
    private static final String FAILURE = Failure.class.getCanonicalName();
    private static final int CODE = 0;
    private static final int REASON = 1;

    /// A reason and the code it comes with.
    record Reason(Status.Code code, String reason) {}

    /// Where a code or a reason comes from.
    sealed interface Source {
        record Constant(String value) implements Source {}

        record Parameter(int index) implements Source {}
    }

    /// A method that builds a failure of this code and reason.
    private record Maker(ExecutableElement method, Source code, Source reason) {}

    /// A call of a method or constructor; without arguments when it is a reference to it.
    private record Use(ExecutableElement method, List<? extends ExpressionTree> arguments, TreePath path) {}

    private final Trees trees;
    private final List<Use> uses = new ArrayList<>();
    private final Set<Maker> makers = new HashSet<>();
    private final Set<Reason> reasons = new HashSet<>();

    private FailureReasons(Trees trees) {
        this.trees = trees;
    }

    /// The reasons in these source files, which must compile on the class path of this test.
    static Set<Reason> in(List<Path> sources) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var diagnostics = new DiagnosticCollector<JavaFileObject>();
        try (var files = compiler.getStandardFileManager(diagnostics, null, StandardCharsets.UTF_8)) {
            var classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            var options = List.of("-proc:none", "-implicit:none", "-Xlint:none", "-classpath", classPath);
            var task = (JavacTask) compiler.getTask(
                    null, files, diagnostics, options, null, files.getJavaFileObjectsFromPaths(sources));
            var units = task.parse();
            task.analyze();
            var errors = diagnostics.getDiagnostics().stream()
                    .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                    .toList();
            if (!errors.isEmpty()) {
                throw new AssertionError("the sources do not compile here: " + errors);
            }
            var found = new FailureReasons(Trees.instance(task));
            found.collect(units);
            found.follow();
            return found.reasons;
        }
    }

    private void collect(Iterable<? extends CompilationUnitTree> units) {
        new TreePathScanner<Void, Void>() {
            @Override
            public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
                note(call.getArguments(), getCurrentPath());
                return super.visitMethodInvocation(call, nothing);
            }

            @Override
            public Void visitNewClass(NewClassTree call, Void nothing) {
                note(call.getArguments(), getCurrentPath());
                return super.visitNewClass(call, nothing);
            }

            @Override
            public Void visitMemberReference(MemberReferenceTree reference, Void nothing) {
                note(List.of(), getCurrentPath());
                return super.visitMemberReference(reference, nothing);
            }
        }.scan(units, null);
    }

    private void note(List<? extends ExpressionTree> arguments, TreePath path) {
        if (trees.getElement(path) instanceof ExecutableElement method) {
            uses.add(new Use(method, arguments, path));
        }
    }

    private void follow() {
        var open = new ArrayDeque<Maker>();
        uses.stream()
                .map(Use::method)
                .filter(method ->
                        method.getKind() == ElementKind.CONSTRUCTOR && isFailure(method.getEnclosingElement()))
                .map(constructor -> new Maker(constructor, new Parameter(CODE), new Parameter(REASON)))
                .filter(makers::add)
                .forEach(open::add);
        while (!open.isEmpty()) {
            var maker = open.pop();
            for (var use : uses) {
                if (use.method().equals(maker.method())) {
                    makers(maker, use).filter(makers::add).forEach(open::add);
                }
            }
        }
    }

    /// What the use of a maker makes of the method it stands in. Notes the reasons that are known now.
    private Stream<Maker> makers(Maker maker, Use use) {
        var next = new ArrayList<Maker>();
        for (var reason : sources(maker.reason(), use)) {
            for (var code : sources(maker.code(), use)) {
                if (reason instanceof Constant(var name) && code instanceof Constant(var of)) {
                    reasons.add(new Reason(Status.Code.valueOf(of), name));
                } else {
                    next.add(new Maker(method(use.path()), code, reason));
                }
            }
        }
        return next.stream();
    }

    private List<Source> sources(Source wanted, Use use) {
        return switch (wanted) {
            case Constant _ -> List.of(wanted);
            case Parameter(var index) -> {
                if (index >= use.arguments().size()) {
                    throw unknown(use.path());
                }
                yield sources(new TreePath(use.path(), use.arguments().get(index)));
            }
        };
    }

    /// Where the value of an expression comes from; empty when it is passed on from a failure that was made elsewhere,
    /// or is the name of whatever code there is.
    private List<Source> sources(TreePath path) {
        return switch (path.getLeaf()) {
            case LiteralTree literal when literal.getValue() instanceof String text -> List.of(new Constant(text));
            case ParenthesizedTree inner -> sources(new TreePath(path, inner.getExpression()));
            case ConditionalExpressionTree choice ->
                Stream.of(choice.getTrueExpression(), choice.getFalseExpression())
                        .flatMap(each -> sources(new TreePath(path, each)).stream())
                        .toList();
            case MethodInvocationTree call when isPassedOn(call, path) -> List.of();
            default -> ofVariable(path);
        };
    }

    private List<Source> ofVariable(TreePath path) {
        if (!(trees.getElement(path) instanceof VariableElement variable)) {
            throw unknown(path);
        }
        if (variable.getKind() == ElementKind.ENUM_CONSTANT) {
            return List.of(new Constant(variable.getSimpleName().toString()));
        }
        if (variable.getConstantValue() instanceof String text) {
            return List.of(new Constant(text));
        }
        if (variable.getKind() == ElementKind.FIELD && isFailure(variable.getEnclosingElement())) {
            return List.of();
        }
        var index = method(path).getParameters().indexOf(variable);
        if (index < 0) {
            throw unknown(path);
        }
        return List.of(new Parameter(index));
    }

    private boolean isPassedOn(MethodInvocationTree call, TreePath path) {
        if (!(call.getMethodSelect() instanceof MemberSelectTree select)) {
            return false;
        }
        var receiver = trees.getTypeMirror(new TreePath(new TreePath(path, select), select.getExpression()));
        return switch (select.getIdentifier().toString()) {
            case "getReason" -> receiver.toString().equals(ErrorInfo.class.getCanonicalName());
            case "reason" -> receiver.toString().equals(FAILURE);
            case "name" -> receiver.toString().equals(Status.Code.class.getCanonicalName());
            default -> false;
        };
    }

    private ExecutableElement method(TreePath path) {
        for (var each : path) {
            if (each instanceof MethodTree) {
                return (ExecutableElement) trees.getElement(trees.getPath(path.getCompilationUnit(), each));
            }
        }
        throw unknown(path);
    }

    private static boolean isFailure(Element type) {
        return type instanceof TypeElement named && named.getQualifiedName().contentEquals(FAILURE);
    }

    private AssertionError unknown(TreePath path) {
        var unit = path.getCompilationUnit();
        var line = unit.getLineMap().getLineNumber(trees.getSourcePositions().getStartPosition(unit, path.getLeaf()));
        return new AssertionError("code and reason must be constants, or parameters: %s:%d: %s"
                .formatted(unit.getSourceFile().getName(), line, path.getLeaf()));
    }
}
