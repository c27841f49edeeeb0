#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>
#include <net/http.hpp>
#include <net/token.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <tests/net/loopback.hpp>
#include <thread>
#include <vector>

namespace resident::http {
namespace {

constexpr Timestamp kNow = 1'700'000'000;
constexpr const char* kApi = "https://api.example.org";
constexpr const char* kSecret = "s3cret-of-the-test";

// Answers in order what the test prepared, and remembers what it was sent.
class Script : public Transport {
 public:
  struct Step {
    Response response;
    std::optional<TransportError::Reason> trouble;
  };
  std::deque<Step> steps;
  std::vector<Request> sent;
  Response send(const Request& request) override {
    sent.push_back(request);
    if (steps.empty()) throw std::logic_error("one request too many");
    Step step = steps.front();
    steps.pop_front();
    if (step.trouble) throw TransportError(*step.trouble, "trouble");
    return step.response;
  }
};

class FakeWaiter : public Waiter {
 public:
  Timestamp time = kNow;
  std::vector<double> waits;
  Timestamp now() override { return time; }
  void wait(double seconds, const std::string&) override {
    waits.push_back(seconds);
    time += static_cast<Timestamp>(seconds) + 1;
  }
};

struct Bench {
  Script* script;
  FakeWaiter* waiter;
  std::unique_ptr<Client> client;

  explicit Bench(std::optional<double> max_wait = std::nullopt) {
    auto transport = std::make_unique<Script>();
    auto fake = std::make_unique<FakeWaiter>();
    script = transport.get();
    waiter = fake.get();
    ClientOptions options;
    options.token = Token(kSecret);
    options.token_origin = kApi;
    options.max_wait = max_wait;
    client = std::make_unique<Client>(std::move(transport), std::move(fake), options);
  }
  Bench& answers(int status, Headers headers = {}, std::string body = {}) {
    script->steps.push_back({{status, std::move(headers), std::move(body)}, {}});
    return *this;
  }
  Bench& fails(TransportError::Reason reason) {
    script->steps.push_back({{}, reason});
    return *this;
  }
  Response get(const std::string& path = "/x") { return client->get(kApi + path); }
  std::string token_of(std::size_t request) const {
    for (const auto& [name, value] : script->sent.at(request).headers)
      if (name == "Authorization") return value;
    return {};
  }
};

TEST(Http, RetryAfterInSecondsIsObeyed) {
  Bench bench;
  bench.answers(429, {{"retry-after", "17"}}).answers(200);
  EXPECT_EQ(bench.get().status, 200);
  ASSERT_EQ(bench.waiter->waits.size(), 1u);
  EXPECT_NEAR(bench.waiter->waits[0], 17, 0.2);
}

TEST(Http, RetryAfterAsADateIsObeyed) {
  Bench bench;
  bench.answers(503, {{"Retry-After", "Tue, 14 Nov 2023 22:14:20 GMT"}}).answers(200);  // kNow + 60
  EXPECT_EQ(bench.get().status, 200);
  EXPECT_NEAR(bench.waiter->waits.at(0), 60, 0.2);
}

TEST(Http, AnEmptyBudgetIsWaitedForUntilItsReset) {
  Bench bench;
  bench
      .answers(403, {{"x-ratelimit-limit", "60"},
                     {"x-ratelimit-remaining", "0"},
                     {"x-ratelimit-reset", std::to_string(kNow + 90)}})
      .answers(200);
  bench.get();
  EXPECT_NEAR(bench.waiter->waits.at(0), 91, 0.2);
}

TEST(Http, TheNextRequestWaitsForABudgetThatTheLastOneUsedUp) {
  Bench bench;
  bench
      .answers(200, {{"x-ratelimit-limit", "60"},
                     {"x-ratelimit-remaining", "0"},
                     {"x-ratelimit-reset", std::to_string(kNow + 30)}})
      .answers(200);
  bench.get();
  EXPECT_TRUE(bench.waiter->waits.empty());
  bench.get();
  EXPECT_NEAR(bench.waiter->waits.at(0), 31, 0.2);
}

TEST(Http, ALimitOfZeroIsNoLimit) {
  Bench bench;
  for (int i = 0; i < 3; ++i)
    bench.answers(200, {{"x-ratelimit-limit", "0"},
                        {"x-ratelimit-remaining", "0"},
                        {"x-ratelimit-reset", std::to_string(kNow + 3000)}});
  for (int i = 0; i < 3; ++i) bench.get();
  EXPECT_TRUE(bench.waiter->waits.empty());
  EXPECT_FALSE(bench.client->budget().limit);
}

TEST(Http, AResetInThePastMeansSoon) {
  Bench bench;
  bench.answers(429, {{"x-ratelimit-limit", "60"}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1"}})
      .answers(200);
  bench.get();
  EXPECT_GE(bench.waiter->waits.at(0), 1);
  EXPECT_LE(bench.waiter->waits.at(0), 2);
}

TEST(Http, ASecondaryLimitWithoutAWordOfWhenWaitsAMinuteAndMore) {
  Bench bench;
  bench.answers(403, {}, R"({"message":"You have exceeded a secondary rate limit"})").answers(200);
  bench.get();
  EXPECT_GE(bench.waiter->waits.at(0), 60);
}

TEST(Http, ARefusalThatIsNoLimitIsAboutAuthentication) {
  Bench bench;
  bench.answers(403, {}, R"({"message":"Resource not accessible by integration"})");
  try {
    bench.get();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::authentication);
    EXPECT_NE(std::string(error.what()).find("Resource not accessible"), std::string::npos);
  }
}

TEST(Http, ALongerWaitThanAllowedIsIncomplete) {
  Bench bench(10.0);
  bench.answers(429, {{"retry-after", "3600"}});
  try {
    bench.get();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), 5);
    EXPECT_NE(error.hint().find("2023-11-14T23:13:2"), std::string::npos) << error.hint();
  }
  EXPECT_TRUE(bench.waiter->waits.empty());
}

TEST(Http, ServerErrorsAreRetriedAndThenTold) {
  Bench bench;
  for (int i = 0; i < 6; ++i) bench.answers(502);
  EXPECT_THROW(bench.get(), ServerTrouble);
  EXPECT_EQ(bench.script->sent.size(), 6u);
  EXPECT_EQ(bench.waiter->waits.size(), 5u);
}

TEST(Http, AGatewaysTimeoutIsTroubleLikeItsOthers) {
  Bench bench;
  bench.answers(408).answers(200);
  EXPECT_EQ(bench.get().status, 200);
  Bench other;
  other.answers(408);
  EXPECT_THROW(other.client->send({"POST", std::string(kApi) + "/x", {}, "{}"}), ServerTrouble);
  EXPECT_EQ(other.script->sent.size(), 1u);
}

TEST(Http, AWriteIsNotRepeatedUnlessItNeverArrived) {
  Bench bench;
  bench.fails(TransportError::Reason::connect).fails(TransportError::Reason::reset);
  EXPECT_THROW(bench.client->send({"POST", std::string(kApi) + "/x", {}, "{}"}), ServerTrouble);
  EXPECT_EQ(bench.script->sent.size(), 2u);
  Bench other;
  other.answers(500);
  EXPECT_THROW(other.client->send({"POST", std::string(kApi) + "/x", {}, "{}"}), ServerTrouble);
}

TEST(Http, TheTokenStaysWithItsOrigin) {
  Bench bench;
  bench.answers(302, {{"location", "https://elsewhere.example.net/y"}})
      .answers(302, {{"location", "https://api.example.org.evil.net/"}})
      .answers(302, {{"location", "https://api.example.org:444/"}})
      .answers(302, {{"location", "https://api.example.org@evil.net/"}})
      .answers(200);
  bench.get();
  EXPECT_EQ(bench.token_of(0), std::string("Bearer ") + kSecret);
  for (std::size_t i = 1; i < 5; ++i) EXPECT_EQ(bench.token_of(i), "") << bench.script->sent[i].url;
}

TEST(Http, APermanentMoveIsTold) {
  Bench bench;
  bench.answers(301, {{"location", "/new"}}).answers(200);
  const Response response = bench.get("/old");
  EXPECT_EQ(response.permanent_url, std::string(kApi) + "/new");
  EXPECT_NE(bench.token_of(1), "");
}

TEST(Http, ACircleOfRedirectsEnds) {
  Bench bench;
  for (int i = 0; i < 6; ++i) bench.answers(302, {{"location", "/x"}});
  EXPECT_THROW(bench.get(), Error);
}

TEST(Http, EncryptionIsNotGivenUpByARedirect) {
  Bench bench;
  bench.answers(302, {{"location", "http://api.example.org/x"}});
  EXPECT_THROW(bench.get(), Error);
}

TEST(Http, LinksOfPages) {
  Response response;
  response.url = "https://api.example.org/a?page=1";
  response.headers = {{"link", R"(<https://api.example.org/a?page=9>; rel="last", </a?page=2>; rel="next")"}};
  EXPECT_EQ(response.next_page(), "https://api.example.org/a?page=2");
  response.headers = {{"link", "<https://api.example.org/a?page=9>; rel=\"last\""}};
  EXPECT_EQ(response.next_page(), "");
  response.headers = {{"link", "nonsense <<>"}};
  EXPECT_EQ(response.next_page(), "");
}

TEST(Http, LoopbackIsAnAddressAndNotAName) {
  EXPECT_TRUE(is_loopback("http://127.0.0.1:8080/x"));
  EXPECT_TRUE(is_loopback("http://localhost/x"));
  EXPECT_TRUE(is_loopback("http://[::1]:9/"));
  EXPECT_FALSE(is_loopback("http://127.0.0.1.example.org/"));
  EXPECT_FALSE(is_loopback("http://localhost@example.org/"));
  EXPECT_THROW(origin_of("file:///etc/passwd"), Error);
}

TEST(Http, AnOriginIsWhereTheConnectionGoes) {
  EXPECT_EQ(origin_of("HTTPS://API.Example.org:443/x"), "https://api.example.org");
  EXPECT_EQ(origin_of("http://example.org:80"), "http://example.org");
  EXPECT_EQ(origin_of("https://example.org:8443/?a#b"), "https://example.org:8443");
  EXPECT_EQ(origin_of("https://api.example.org@evil.example/"), "https://evil.example");
  EXPECT_EQ(origin_of("https://evil.example#@api.example.org/"), "https://evil.example");
  EXPECT_EQ(origin_of("https://evil.example?@api.example.org/"), "https://evil.example");
  EXPECT_EQ(origin_of("https:///x/y"), "https://x");  // libcurl forgives it, and connects there
  EXPECT_EQ(origin_of("https://[2001:db8::1]:444/"), "https://[2001:db8::1]:444");
  for (const char* bad : {"", "example.org", "//example.org/", "ftp://example.org/", "https://",
                          "https://exa mple.org/", "https://example.org:port/", "javascript:alert(1)"})
    EXPECT_THROW(origin_of(bad), Error) << bad;
}

// RFC 3986, 5.4.1.
TEST(Http, RelativeAddressesAreResolved) {
  const std::string base = "http://a/b/c/d;p?q";
  const std::vector<std::pair<std::string, std::string>> examples{
      {"g", "http://a/b/c/g"},        {"./g", "http://a/b/c/g"},     {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},           {"//g", "http://g/"},          {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},    {"../g", "http://a/b/g"},      {"../../g", "http://a/g"},
      {"https://x/y", "https://x/y"}, {"a b", "http://a/b/c/a%20b"},
  };
  for (const auto& [location, expected] : examples) EXPECT_EQ(resolve(base, location), expected) << location;
  EXPECT_EQ(resolve("not an address", "/x"), "");
}

// No headers, however hostile, make a wait that is negative, endless, or not a number.
TEST(Http, NoHeadersGiveAnEndlessWait) {
  const std::vector<std::string> values{"",
                                        "0",
                                        "-5",
                                        "1",
                                        "99999999999999999999",
                                        "1e9",
                                        "soon",
                                        "Wed, 21 Oct 9015 07:28:00 GMT",
                                        "Wed, 21 Oct 1015 07:28:00 GMT",
                                        "999999999999999",
                                        "nan",
                                        " 3 "};
  for (const auto& retry : values)
    for (const auto& limit : values)
      for (const auto& reset : values) {
        Bench bench;
        for (int status : {429, 403, 503, 429}) {
          Headers headers{{"x-ratelimit-limit", limit}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", reset}};
          if (!retry.empty()) headers.emplace_back("retry-after", retry);
          bench.answers(status, headers, R"({"message":"rate limit"})");
        }
        bench.answers(200);
        EXPECT_EQ(bench.get().status, 200);
        for (const double wait : bench.waiter->waits) {
          EXPECT_GE(wait, 0) << retry << '/' << limit << '/' << reset;
          EXPECT_LE(wait, 3900) << retry << '/' << limit << '/' << reset;
        }
      }
}

TEST(Http, NothingThatIsThrownHoldsTheToken) {
  Bench bench;
  bench.answers(401, {}, std::string(R"({"message":"Bad credentials )") + kSecret + "\"}");
  try {
    bench.get(std::string("/x/") + kSecret);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find(kSecret), std::string::npos) << error.what();
    EXPECT_EQ(error.kind(), ErrorKind::authentication);
  }
}

TEST(Redact, KnowsSecretsAndWhatLooksLikeOne) {
  remember_secret(Token("correct-horse"));
  EXPECT_EQ(redact("a correct-horse b"), "a <token> b");
  EXPECT_EQ(redact("ghp_abcdefghijklmnopqrstuvwxyz0123456789"), "<token>");
  EXPECT_EQ(redact("glpat-abcdefghij0123456789"), "<token>");
  EXPECT_EQ(redact("Authorization: Bearer abc"), "Authorization: <token>");
  EXPECT_EQ(redact("https://user:pass@example.org/x?private_token=q&page=2"),
            "https://<token>@example.org/x?private_token=<token>&page=2");
  EXPECT_EQ(redact("nothing here"), "nothing here");
}

// Against a real server: what libcurl makes of a connection that breaks.
std::string misbehave(const LoopbackServer::Request& request) {
  if (request.target == "/ok") {
    const std::size_t at = request.head.find("Authorization: ") + 15;
    return LoopbackServer::answer(200, request.head.substr(at, request.head.find("\r\n", at) - at));
  }
  if (request.target == "/slow") std::this_thread::sleep_for(std::chrono::milliseconds(700));
  if (request.target == "/short") return "HTTP/1.1 200 X\r\nContent-Length: 1000\r\nConnection: close\r\n\r\nhalf";
  if (request.target == "/large") return LoopbackServer::answer(200, std::string(100'000, 'x'));
  return LoopbackServer::answer(200, "late");
}

TransportError::Reason reason_of(const std::string& url, TransportOptions options = {}) {
  try {
    curl_transport(options)->send({"GET", url});
  } catch (const TransportError& error) {
    return error.reason;
  }
  ADD_FAILURE() << url << " gave an answer";
  return TransportError::Reason::other;
}

TEST(Curl, TellsHowAConnectionBroke) {
  LoopbackServer loopback(misbehave);
  TransportOptions hasty, small;
  hasty.total_seconds = 0.2;
  small.largest_body = 1000;
  EXPECT_EQ(curl_transport()->send({"GET", loopback.url("/ok"), {{"Authorization", "Bearer x"}}}).body, "Bearer x");
  EXPECT_EQ(reason_of(loopback.url("/slow"), hasty), TransportError::Reason::timeout);
  EXPECT_EQ(reason_of(loopback.url("/short")), TransportError::Reason::truncated);
  EXPECT_EQ(reason_of(loopback.url("/large"), small), TransportError::Reason::too_large);
  EXPECT_EQ(reason_of("http://127.0.0.1:1/"), TransportError::Reason::connect);
  EXPECT_EQ(reason_of("https://127.0.0.1:" + std::to_string(loopback.port()) + "/ok"), TransportError::Reason::tls);
}

// libcurl repeats a request by itself when a connection that it had kept ends before an answer begins.
TEST(Curl, AWriteIsSentOnceWhenAKeptConnectionEnds) {
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    LoopbackServer loopback([](const LoopbackServer::Request& request) {
      return request.method == "GET" ? LoopbackServer::answer(200, "here") : std::string();
    });
    const auto transport = curl_transport();
    for (int i = 0; i < 3; ++i) {
      transport->send({"GET", loopback.url("/")});
      EXPECT_THROW(transport->send({method, loopback.url("/"), {}, "text"}), TransportError);
    }
    std::size_t writes = 0;
    for (const auto& each : loopback.requests()) writes += each.method == method && each.body == "text";
    EXPECT_EQ(writes, 3U) << method;
  }
}

TEST(Curl, AReadMayBeRepeatedAndKeepsItsConnection) {
  LoopbackServer loopback([](const LoopbackServer::Request&) { return LoopbackServer::answer(200, "here"); });
  const auto transport = curl_transport();
  for (int i = 0; i < 3; ++i) transport->send({"GET", loopback.url("/")});
  Request query{"POST", loopback.url("/graphql"), {}, "{}"};
  query.repeatable = true;
  transport->send(query);
  for (const auto& each : loopback.requests()) EXPECT_EQ(each.connection, 1) << each.method;
}

TEST(Curl, SendsTheAddressAsItIsWritten) {
  LoopbackServer loopback([](const LoopbackServer::Request&) { return LoopbackServer::answer(200, ""); });
  const auto transport = curl_transport();
  for (const char* path : {"/issues/1/labels/..", "/issues/1/labels/.", "/a/../b", "/a/%2e%2e/b"}) {
    transport->send({"DELETE", loopback.url(path), {}, "{}"});
    EXPECT_EQ(loopback.requests().back().target, path);
  }
}

TEST(Curl, SpeaksWithoutEncryptionToThisMachineOnly) {
  EXPECT_THROW(curl_transport()->send({"GET", "http://example.org/"}), Error);
}

}  // namespace
}  // namespace resident::http
