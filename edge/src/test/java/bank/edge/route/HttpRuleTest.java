package bank.edge.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.edge.json.JsonCodec;
import bank.edge.json.JsonMode;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The rules of `route/routes.proto`, as services declare them.
class HttpRuleTest {
    private static final ProtoFiles FILES = load();

    private static ProtoFiles load() {
        try (var in = HttpRuleTest.class.getResourceAsStream("/codec/types.binpb")) {
            return ProtoFiles.parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServiceDescriptor service(String name) {
        return FILES.services().stream()
                .filter(service -> service.getFullName().equals("route." + name))
                .findFirst()
                .orElseThrow();
    }

    /// The rules of an rpc named such as `Shelves.Get`.
    private static List<HttpRule> rules(String rpc) {
        return rules(rpc, JsonMode.HOUSE);
    }

    private static List<HttpRule> rules(String rpc, JsonMode mode) {
        String[] names = rpc.split("\\.", 2);
        var method = service(names[0]).findMethodByName(names[1]);
        return HttpRule.of(Rpc.of(
                method,
                new JsonCodec(mode, FILES::message),
                new Rpc.Ways(true, true, false),
                new Admission.SignedIn()));
    }

    private static Routes routes(String... rpcs) {
        return new Routes(
                Arrays.stream(rpcs).flatMap(rpc -> rules(rpc).stream()).toList());
    }

    @Test
    void readsEveryBindingOfAnRpc() {
        assertThat(rules("Shelves.Get"))
                .extracting(HttpRule::toString)
                .containsExactly(
                        "GET /v1/{name=shelves/*} (/route.Shelves/Get)",
                        "GET /v1/libraries/{library.name}/shelves/{name} (/route.Shelves/Get)",
                        "SEARCH /v1/{name=shelves/*} (/route.Shelves/Get)",
                        "POST /v1/shelves/{name}:get (/route.Shelves/Get)");
        assertThat(rules("Shelves.Get")).extracting(HttpRule::body).containsExactly("", "", "", "*");
        assertThat(rules("Shelves.Close")).extracting(HttpRule::body).containsExactly("library");
        assertThat(rules("Shelves.Unruly")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/shelves/1,name,shelves/1",
        "SEARCH,/v1/shelves/1,name,shelves/1",
        "POST,/v1/shelves/1:get,name,1",
        "GET,/v1/anything/1/2,name,1/2",
        "MOVE,/v1/anything,name,''",
        "LOCK,/v1/locks/1,name,1",
    })
    void findsThemAll(String method, String path, String variable, String value) {
        assertThat(routes("Shelves.Get", "Shelves.Any", "Shelves.Lock").find(method, path))
                .isInstanceOfSatisfying(
                        RouteMatch.Found.class,
                        found -> assertThat(found.variables()).isEqualTo(Map.of(variable, value)));
    }

    @ParameterizedTest
    @CsvSource({
        "Shelves.Get,Rivals.Get,/v1/{name=shelves/*},/v1/shelves/{title}",
        "Shelves.Get,Rivals.Bound,/v1/libraries/{library.name}/shelves/{name},/v1/libraries/*/{title=shelves/*}",
        "Shelves.Get,Rivals.Search,/v1/{name=shelves/*},/v1/shel%76es/*",
        "Shelves.Any,Rivals.Any,/v1/anything/{name=**},/v1/{title=anything/**}",
        "Shelves.Lock,Rivals.Lock,/v1/locks/{name},/v1/locks/*",
        "Shelves.Close,Rivals.Close,/v1/closed/{name=*}:close,/v1/closed/{title}:close",
        "Shelves.Close,Rivals.CustomPost,/v1/closed/{name=*}:close,/v1/closed/*:close",
    })
    void twoRoutesOfOneShapeStopTheStartWithBothNamed(
            String first, String second, String firstTemplate, String secondTemplate) {
        for (var order : List.of(List.of(first, second), List.of(second, first))) {
            assertThatThrownBy(() -> routes(order.toArray(String[]::new)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(firstTemplate + " (/route." + first.replace('.', '/') + ")")
                    .hasMessageContaining(secondTemplate + " (/route." + second.replace('.', '/') + ")");
        }
    }

    @Test
    void twoBindingsOfOneRpcOfOneShapeStopTheStartToo() {
        assertThatThrownBy(() -> routes("Shelves.Twice"))
                .hasMessageContaining("GET /v1/twice/{name}")
                .hasMessageContaining("GET /v1/twice/{title}");
        assertThatThrownBy(() -> routes("Shelves.Lock", "Shelves.Lock")).hasMessageContaining("/route.Shelves/Lock");
    }

    @ParameterizedTest
    @CsvSource({"Neighbours.Rest", "Neighbours.Verb", "Neighbours.Kind", "Neighbours.Case"})
    void routesOfAnotherShapeStandBesideEachOther(String rpc) {
        assertThatCode(() -> routes("Shelves.Get", rpc)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "NoSuchField,no field to bind nothing to",
        "NoSuchNestedField,no field to bind library.nothing to",
        "FieldOfText,no field to bind name.first to",
        "Repeated,no field to bind labels to",
        "Message,no field to bind shelf to",
        "Map,no field to bind names to",
        "Entry,no field to bind names.value to",
        "OfRepeated,no field to bind shelves.name to",
        "Free,no field to bind free to",
        "Struct,no field to bind open to",
        "OfTime,no field to bind time.seconds to",
        "OfWrapper,no field to bind wrapped.value to",
        "TwoOfOne,other.name is excluded by one",
        "InBytes,raw.content_type is set by the body too",
        "AllBytes,content_type is set by the body too",
        "NestedBody,no field for body shelf.name",
        "NestedResponseBody,no field for response_body shelf.name",
        "NoSuchBody,no field for body nothing",
        "NoSuchResponseBody,no field for response_body nothing",
        "NoPath,an http rule without a path",
        "NoKind,an http rule without a kind",
        "Nested,an additional binding with additional bindings",
        "BrokenBinding,an empty segment",
    })
    void refusesBrokenRules(String rpc, String problem) {
        assertThatThrownBy(() -> rules("Broken." + rpc))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem)
                .hasMessageContaining("/route.Broken/" + rpc);
    }

    @Test
    void bindsWhateverHasATextForm() {
        assertThat(rules("Bound.Texts")).hasSize(2);
        assertThat(rules("Bound.Date", JsonMode.HOUSE)).hasSize(1);
        assertThatThrownBy(() -> rules("Bound.Date", JsonMode.STANDARD))
                .hasMessage("GET /v1/{date} (/route.Bound/Date): no field to bind date to that takes text");
    }

    @Test
    void refusesAFieldThatTheChoiceBetweenFormsHides() {
        assertThatThrownBy(() -> routes("Forms.Get", "Forms.Draw"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GET /v1/forms/{name} (/route.Forms/Get): its field format")
                .hasMessageContaining("GET /v1/forms/{name} (/route.Forms/Draw)");
        assertThatThrownBy(() -> routes("Forms.DrawForm", "Forms.Plain"))
                .hasMessageContaining("(/route.Forms/DrawForm): its field format")
                .hasMessageContaining("(/route.Forms/Plain)");
    }

    @Test
    void aFieldNamedFormatIsWelcomeWhereSomethingElseSetsItOrNothingIsChosen() {
        assertThatCode(() -> routes("Forms.Get")).doesNotThrowAnyException();
        assertThatCode(() -> routes("Forms.Get", "Forms.BoundForm", "Forms.PostedForm", "Forms.DrawElsewhere"))
                .doesNotThrowAnyException();
    }

    @Test
    void noOtherFormGoesByTheNameOfJson() {
        assertThatThrownBy(() -> rules("Forms.AsJson")).hasMessageContaining("other than those of JSON");
    }

    @ParameterizedTest
    @CsvSource({"Unary", "Duplex", "WithoutId", "WithoutAfter", "OfManyIds", "OfNoText"})
    void onlyAStreamOfTheServerWithBothIdsCanBeResumed(String rpc) {
        assertThatCode(() -> rules("Resumed.Well")).doesNotThrowAnyException();
        assertThatThrownBy(() -> rules("Resumed." + rpc))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("route.Resumed." + rpc);
    }
}
