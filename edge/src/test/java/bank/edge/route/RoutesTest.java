package bank.edge.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {
    private static final Rpc RPC = ServiceSet.own(Map.of()).rpcs().getFirst();

    private static HttpRule rule(String method, String template) {
        return new HttpRule(method, PathTemplate.parse(template), RPC, "", "");
    }

    private final Routes routes = new Routes(List.of(
            rule("GET", "/v1/users/me"),
            rule("GET", "/v1/users/{id}"),
            rule("GET", "/v1/users/me/{part}/x"),
            rule("GET", "/v1/*/special"),
            rule("GET", "/v1/documents:batchGet"),
            rule("POST", "/v1/documents:create"),
            rule("GET", "/v1/documents"),
            rule("GET", "/v1/documents/{id}:preview"),
            rule("GET", "/v1/{name=shelves/*/books/*}"),
            rule("GET", "/files/{path=**}"),
            rule("GET", "/files/{path=**}:raw"),
            rule("DELETE", "/v1/users/{id}"),
            rule("GET", "/pub/{a.b}/{c}")));

    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
            /v1/users/me                  | /v1/users/me                  | {}
            /v1/users/17                  | /v1/users/{id}                | {id=17}
            /v1/us%65rs/17                | /v1/users/{id}                | {id=17}
            /v1/users/a%2Fb               | /v1/users/{id}                | {id=a/b}
            /v1/users/%D0%94              | /v1/users/{id}                | {id=Д}
            /v1/users/a+b                 | /v1/users/{id}                | {id=a+b}
            /v1/users/a:b                 | /v1/users/{id}                | {id=a:b}
            /v1/users/special             | /v1/users/{id}                | {id=special}
            /v1/others/special            | /v1/*/special                 | {}
            /v1/users/me/photo/x          | /v1/users/me/{part}/x         | {part=photo}
            /v1/documents:batchGet        | /v1/documents:batchGet        | {}
            /v1/documents/5:preview       | /v1/documents/{id}:preview    | {id=5}
            /v1/shelves/1/books/2         | /v1/{name=shelves/*/books/*}  | {name=shelves/1/books/2}
            /v1/shelves/a%2fb/books/c%20d | /v1/{name=shelves/*/books/*}  | {name=shelves/a%2fb/books/c d}
            /files                        | /files/{path=**}              | {path=}
            /files/a/b.txt                | /files/{path=**}              | {path=a/b.txt}
            /files/a/b:raw                | /files/{path=**}:raw          | {path=a/b}
            /files/a/b%3Araw              | /files/{path=**}              | {path=a/b:raw}
            /pub/1/2                      | /pub/{a.b}/{c}                | {a.b=1, c=2}
            """)
    void finds(String path, String template, String variables) {
        assertThat(routes.find("GET", path)).isInstanceOfSatisfying(RouteMatch.Found.class, found -> {
            assertThat(found.rule().template().text()).isEqualTo(template);
            assertThat(new TreeMap<>(found.variables())).hasToString(variables);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "/",
        "/v1",
        "/v1/users",
        "/v1/users/",
        "/v1/users/17/",
        "/v1//special",
        "/v1/users/me/photo",
        "/v2/users/me",
        "/v1/documents%3AbatchGet",
        "/v1/documents:other",
        "/v1/shelves/1/books/",
        "/V1/users/me"
    })
    void findsNothing(String path) {
        assertThat(routes.find("GET", path)).isEqualTo(new RouteMatch.Unknown());
    }

    @Test
    void tellsTheMethodsOfAKnownPath() {
        assertThat(routes.find("PUT", "/v1/users/17").toString()).contains("[DELETE, GET, HEAD, OPTIONS]");
        assertThat(routes.find("GET", "/v1/documents:create").toString()).contains("[OPTIONS, POST]");
    }

    @Test
    void answersHeadByGet() {
        assertThat(routes.find("HEAD", "/v1/users/me")).isInstanceOf(RouteMatch.Found.class);
        assertThat(routes.find("HEAD", "/v1/documents:create")).isInstanceOf(RouteMatch.WrongMethod.class);
    }

    @ParameterizedTest
    @CsvSource({"/v1/users/%", "/v1/users/%2", "/v1/users/%zz", "/v1/users/%ff", "/v1/users/%C0%AF"})
    void refusesBrokenEncoding(String path) {
        assertThatThrownBy(() -> routes.find("GET", path)).isInstanceOf(PathEncodingException.class);
    }

    @Test
    void refusesTwoRoutesOfOneShape() {
        assertThatThrownBy(() -> new Routes(List.of(rule("GET", "/a/{x}/c"), rule("GET", "/a/{y=*}/c"))))
                .hasMessageContaining("/a/{x}/c")
                .hasMessageContaining("/a/{y=*}/c");
    }

    @ParameterizedTest
    @CsvSource({
        "a",
        "/",
        "/a//b",
        "/a/{",
        "/a/{}",
        "/a/{x",
        "/a/{x=}",
        "/a/{x={y}}",
        "/a/**/b",
        "/a/{x}/{x}",
        "/a:",
        "/a/***",
        "/a/b*",
        "/a/{x=**}/b",
        "/a/**:",
        "/a/**/**",
        "/a/{x=**/y}",
        "/a/",
        "/a/{x}/",
        "//a",
        "/a/{x}b",
        "/a/b{x}",
        "/a/*b",
        "/a/{.x}",
        "/a/{x.}",
        "/a/{x..y}",
        "/a/{1x}",
        "/a/{я}",
        "/a/{x y}",
        "/a/{x=*",
        "/a/x}",
        "/a/{x=/y}",
        "/a/{x=y/}",
        "/a/{x=y:z}",
        "/a:b:c",
        "/a:b/c",
        "/a:*",
        "/a:{x}",
        "/a/%zz",
        "/a/%C0%AF",
        "/a/%00",
        "/a:%2",
        "/a?b",
        "/a#b"
    })
    void refusesTemplatesOutsideTheGrammar(String template) {
        assertThatThrownBy(() -> PathTemplate.parse(template))
                .isInstanceOf(IllegalArgumentException.class)
                .isNotInstanceOf(PathEncodingException.class)
                .hasMessageContaining("path template " + template);
    }

    @Test
    void compilesEveryRuleOfTheContract() {
        var rules = ServiceSet.own(Map.of()).rpcs().stream()
                .flatMap(rpc -> HttpRule.of(rpc).stream())
                .toList();

        var all = new Routes(rules);
        assertThat(all.find("POST", "/oauth2/token")).isInstanceOf(RouteMatch.Found.class);
        assertThat(all.find("GET", "/v1/abs/documents/789"))
                .isInstanceOfSatisfying(
                        RouteMatch.Found.class,
                        found -> assertThat(found.variables()).isEqualTo(Map.of("id", "789")));
    }
}
