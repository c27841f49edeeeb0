#include <gtest/gtest.h>

#include <base/error.hpp>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <server/dashboard_server.hpp>
#include <thread>

#include "client.hpp"
#include "tests/views/hostile.hpp"

namespace resident {
namespace {

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() : server_(content()), port_(server_.bind()), thread_([this] { server_.listen(); }) {}
  ~ServerTest() override {
    server_.stop();
    thread_.join();
  }

  static DashboardContent content() {
    return {[] {
              return std::vector<std::string>{"demo", "<b>&other"};
            },
            [](const PageRequest& request) {
              if (request.slug == "people") throw Error("the database is locked", "stop the other process");
              if (request.slug == "modules") throw Error(ErrorKind::usage, "no module " + test::kScript);
              Result result = test::small_result();
              result.project = request.project;
              if (request.as_of) result.as_of = *request.as_of;
              return std::vector<Page>{{request.slug, "Page " + request.slug, "", {result, test::hostile_result()}}};
            }};
  }

  std::shared_ptr<test::Answer> get(const std::string& path, const http::Headers& headers = {}) {
    return test::Client(port_).get(path, headers);
  }

  DashboardServer server_;
  int port_;
  std::thread thread_;
};

TEST_F(ServerTest, ServesEveryPage) {
  for (const char* path : {"/", "/flow", "/report"}) {
    const auto response = get(path);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200) << path;
    EXPECT_NE(response->body.find("aria-current=\"page\""), std::string::npos);
    EXPECT_NE(response->body.find("<option value=\"demo\" selected>"), std::string::npos);
    EXPECT_EQ(response->header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(response->header("Referrer-Policy"), "no-referrer");
    EXPECT_NE(response->header("Content-Security-Policy").find("frame-ancestors 'none'"), std::string::npos);
  }
  EXPECT_EQ(get("/health")->body, "ok\n");
}

TEST_F(ServerTest, TakesProjectAndDate) {
  const auto response = get("/flow?project=%3Cb%3E%26other&as_of=2023-05-06");
  EXPECT_EQ(response->status, 200);
  EXPECT_NE(response->body.find("<option value=\"&lt;b&gt;&amp;other\" selected>"), std::string::npos);
  EXPECT_NE(response->body.find("value=\"2023-05-06\""), std::string::npos);
  EXPECT_NE(response->body.find("href=\"/people?project=%3Cb%3E%26other&amp;as_of=2023-05-06\""), std::string::npos);
  EXPECT_EQ(get("/flow?project=&as_of=")->status, 200);
}

TEST_F(ServerTest, ExplainsWhatIsWrong) {
  const auto unknown = get("/flow?project=%3Cscript%3E");
  EXPECT_EQ(unknown->status, 404);
  EXPECT_NE(unknown->body.find("the projects are: demo, &lt;b&gt;&amp;other"), std::string::npos);
  EXPECT_EQ(unknown->body.find("<script>."), std::string::npos);
  const auto date = get("/flow?as_of=yesterday");
  EXPECT_EQ(date->status, 400);
  EXPECT_NE(date->body.find("2024-01-31"), std::string::npos);
  EXPECT_EQ(get("/nowhere")->status, 404);
  EXPECT_EQ(get("/../etc/passwd")->status, 404);
  const auto failed = get("/people");
  EXPECT_EQ(failed->status, 500);
  EXPECT_NE(failed->body.find("the database is locked"), std::string::npos);
  EXPECT_NE(failed->body.find("stop the other process"), std::string::npos);
  EXPECT_EQ(get("/modules")->status, 400);
}

TEST_F(ServerTest, GivesTheJsonOfEachResult) {
  const auto response = get("/api/small?as_of=2023-05-06");
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->header("Content-Type"), "application/json");
  const auto json = nlohmann::json::parse(response->body);
  EXPECT_EQ(json["name"], "small");
  EXPECT_EQ(json["as_of"], "2023-05-06T00:00:00Z");
  EXPECT_EQ(nlohmann::json::parse(get("/api/small?fields=count")->body)["rows"][0].size(), 1u);
  EXPECT_EQ(get("/api/small?fields=nothing")->status, 400);
  EXPECT_TRUE(nlohmann::json::parse(get("/api/small?project=none")->body).contains("hint"));
}

TEST_F(ServerTest, AnswersToLocalNamesAlone) {
  for (const char* host :
       {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "", "[::2]", "localhost:x@evil"})
    EXPECT_EQ(get("/", {{"Host", host}})->status, 421) << host;
  for (const char* host : {"localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080", "[::1]"})
    EXPECT_EQ(get("/", {{"Host", host}})->status, 200) << host;
}

TEST_F(ServerTest, OnlyReads) {
  test::Client client(port_);
  EXPECT_EQ(client.send("POST", "/", {{"Content-Type", "text/plain"}}, "x")->status, 405);
  EXPECT_EQ(client.send("DELETE", "/flow")->status, 405);
  EXPECT_EQ(client.send("PUT", "/flow")->header("Allow"), "GET, HEAD");
  const auto head = client.send("HEAD", "/flow");
  EXPECT_EQ(head->status, 200);
  EXPECT_TRUE(head->body.empty());
}

TEST_F(ServerTest, DoesNotShareItsPort) {
  DashboardServer second(content(), {"127.0.0.1", port_});
  EXPECT_THROW(second.bind(), Error);
}

// A server with forms, which remembers what it was asked for.
class FormsTest : public ::testing::Test {
 protected:
  FormsTest() : server_(content()), port_(server_.bind()), thread_([this] { server_.listen(); }), client_(port_) {}
  ~FormsTest() override {
    server_.stop();
    thread_.join();
  }

  DashboardContent content() {
    DashboardContent made;
    made.projects = [] { return std::vector<std::string>{"demo"}; };
    made.pages = [this](const PageRequest& request) {
      asked_ = request;
      if (request.number == 404 || request.key == "none") return std::vector<Page>{};
      Page page{request.slug == "item" ? "item/" + std::to_string(request.number) : request.slug, test::kScript};
      ActionCard card;
      card.item_id = 7;
      card.title = test::kImage;
      card.url = "javascript:alert(1)";
      card.key = "item/7";
      card.tag = test::kScript;
      card.facts = {{test::kScript, "like #12 & " + test::kImage, test::kEscape + " #13", "", "javascript:alert(2)"},
                    {"thread", test::kScript, "", "mail:<" + test::kScript, "https://example.org/\"x"}};
      card.text = test::kScript + "\n\tindented" + test::kOverride;
      card.forms = {{"label", test::kImage, test::kScript, test::kScript, test::kScript}};
      page.cards = {card};
      page.fields = {{PageField::Kind::text, "module", test::kScript, test::kImage, {test::kScript}}};
      page.query = {{"minutes", "\"><script>"}};
      page.url = "javascript:alert(3)";
      Result thread = test::small_result();
      thread.name = "thread";
      thread.rows.clear();
      thread.columns = {
          {"at", "When", ColumnType::time}, {"who", "Who"}, {"kind", "What"}, {"text", "Text"}, {"path", "File"}};
      for (const std::string kind :
           {"opened", "comment on code", "labeled", test::kScript.c_str(), "review: commented"})
        thread.rows.push_back({std::int64_t{0}, test::kImage, kind,
                               kind == "review: commented" ? std::string() : test::kScript + test::kEscape,
                               test::kScript});
      page.results = {thread, test::hostile_result()};
      page.data = {test::small_result()};
      return std::vector<Page>{page};
    };
    made.collect = [this](const PlanRequest& request) {
      sent_.push_back(request);
      return std::string(request.kind == "note" ? "note-removed" : "");
    };
    return made;
  }

  std::string token() {
    const std::string body = client_.get("/review")->body;
    const std::string before = "name=\"token\" value=\"";
    const std::size_t begin = body.find(before) + before.size();
    return body.substr(begin, body.find('"', begin) - begin);
  }

  std::shared_ptr<test::Answer> send(const std::string& back, const std::string& token,
                                     const http::Headers& headers = {}) {
    return client_.post_form("/plan",
                             {{"token", token},
                              {"project", "demo"},
                              {"item", "7"},
                              {"kind", "drop"},
                              {"content", "7/label/x"},
                              {"back", back}},
                             headers);
  }

  PageRequest asked_;
  std::vector<PlanRequest> sent_;
  DashboardServer server_;
  int port_;
  std::thread thread_;
  test::Client client_;
};

TEST_F(FormsTest, ReadsWhatAnAddressAsksFor) {
  EXPECT_EQ(client_.get("/item/12?kind=pull&as_of=2024-01-01")->status, 200);
  EXPECT_EQ(asked_.slug, "item");
  EXPECT_EQ(asked_.number, 12);
  EXPECT_EQ(asked_.kind, "pull");
  EXPECT_EQ(client_.get("/review?minutes=60&mine=yes&module=&me=ada")->status, 200);
  EXPECT_EQ(asked_.arguments, (std::map<std::string, std::string>{{"minutes", "60"}, {"mine", "yes"}, {"me", "ada"}}));
  EXPECT_EQ(client_.get("/thread?key=mail%3Aabc")->status, 200);
  EXPECT_EQ(asked_.key, "mail:abc");
  EXPECT_EQ(client_.get("/api/small?number=12")->status, 200);
  EXPECT_EQ(asked_.slug, "item");
  EXPECT_EQ(client_.get("/api/small?key=abc")->status, 200);
  EXPECT_EQ(asked_.slug, "thread");
  for (const char* path : {"/item/", "/item/x", "/item/0", "/item/-1", "/item/99999999999", "/item/12/13", "/item",
                           "/item/404", "/thread?key=none", "/items/1", "/review/1"})
    EXPECT_EQ(client_.get(path)->status, 404) << path;
  EXPECT_EQ(client_.get("/item/1?kind=x")->status, 400);
}

TEST_F(FormsTest, LeadsBackToThePageOfTheForm) {
  const std::string token = this->token();
  for (const char* back :
       {"/review?project=demo&minutes=60", "/item/12?project=demo", "/inbox?project=demo", "/plan?project=demo"}) {
    const auto response = send(back, token);
    EXPECT_EQ(response->status, 303);
    EXPECT_EQ(response->header("Location"), std::string(back) + "#item-7");
  }
  for (const char* back :
       {"//evil.example/", "https://evil.example/triage?", "/item/../x", "/item/12/..//x", "/item/1 2", "/review#x",
        "/flow?project=demo", "\\\\evil", "/review\r\nSet-Cookie: a=b", ""}) {
    const auto response = send(back, token);
    EXPECT_EQ(response->header("Location"), "/triage?project=demo#item-7") << back;
    EXPECT_EQ(response->header("Set-Cookie"), "");
  }
  EXPECT_EQ(sent_.front().kind, "drop");
  EXPECT_EQ(sent_.front().content, "7/label/x");
  const std::size_t taken = sent_.size();
  EXPECT_EQ(send("/plan?", "wrong")->status, 403);
  EXPECT_EQ(send("/plan?", token, {{"Origin", "http://evil.example"}})->status, 403);
  EXPECT_EQ(send("/plan?", token, {{"Sec-Fetch-Site", "cross-site"}})->status, 403);
  EXPECT_EQ(send("/plan?", token, {{"Host", "evil.example"}})->status, 421);
  EXPECT_EQ(sent_.size(), taken);
}

TEST_F(FormsTest, SaysWhatAFormDid) {
  const auto response = client_.post_form("/plan", {{"token", token()},
                                                    {"project", "demo"},
                                                    {"item", "7"},
                                                    {"kind", "note"},
                                                    {"content", ""},
                                                    {"back", "/item/12?project=demo"}});
  const std::string there = response->header("Location");
  EXPECT_EQ(there, "/item/12?project=demo&done=note-removed&on=7#item-7");
  const std::string page = client_.get(there.substr(0, there.find('#')))->body;
  EXPECT_NE(page.find("<p class=\"done\" role=\"status\">The note was removed.</p>"), std::string::npos);
  // The next form leads back without it, and nobody else's words are shown.
  EXPECT_EQ(page.find("&amp;done="), std::string::npos);
  EXPECT_EQ(client_.get("/item/12?done=%3Cb%3E&on=7")->body.find("class=\"done\""), std::string::npos);
  EXPECT_NE(client_.get("/item/12?done=note-removed&on=99")->body.find("The note was removed."), std::string::npos);
}

TEST_F(FormsTest, APageThatIsNotThereDoesNotLinkToItself) {
  const auto response = client_.get("/item/404?project=demo");
  EXPECT_EQ(response->status, 404);
  EXPECT_NE(response->body.find("#404"), std::string::npos);
  EXPECT_EQ(response->body.find("/item/404"), std::string::npos);
}

TEST_F(FormsTest, ShowsNoFormOfThePast) {
  EXPECT_NE(client_.get("/item/12")->body.find("action=\"/plan\""), std::string::npos);
  EXPECT_EQ(client_.get("/item/12?as_of=2024-01-01")->body.find("action=\"/plan\""), std::string::npos);
}

TEST_F(FormsTest, MakesHostileTextHarmless) {
  const std::string page = client_.get("/item/12")->body;
  const std::string body = page.substr(page.find("<main"), page.rfind("</main>") - page.find("<main"));
  EXPECT_EQ(body.find("<script>alert"), std::string::npos);
  EXPECT_EQ(body.find("<img"), std::string::npos);
  EXPECT_EQ(body.find("href=\"javascript:"), std::string::npos);
  EXPECT_EQ(body.find('\x1b'), std::string::npos);
  EXPECT_EQ(body.substr(0, body.find("<figure")).find("\xE2\x80\xAE"), std::string::npos);  // a figure has data
  // Our numbers lead to our pages, with the project; threads by their keys.
  EXPECT_NE(body.find("<a href=\"/item/12?project=demo\">#12</a>"), std::string::npos);
  EXPECT_NE(body.find("href=\"/thread?project=demo&amp;key=mail%3A%3C%3Cscript"), std::string::npos);
  EXPECT_NE(body.find("href=\"/api/small?project=demo&amp;minutes=%22%3E%3Cscript%3E\""), std::string::npos);
}

TEST(Addresses, LinkOnlyNumbersOfItems) {
  DocumentOptions options;
  EXPECT_EQ(link_items("#12", options), "#12");
  EXPECT_EQ(key_address("item/12", options), "");
  options.served = true;
  options.as_of = "2024-01-01";
  EXPECT_EQ(link_items("see #12.", options), "see <a href=\"/item/12?as_of=2024-01-01\">#12</a>.");
  for (const char* text : {"&#39;", "a#12", "owner/name/#12", "#12a", "#", "# 12", "#1234567890", "C#7"})
    EXPECT_EQ(link_items(text, options), text);
  EXPECT_EQ(key_address("pull/12", options), "/item/12?as_of=2024-01-01&kind=pull");
  EXPECT_EQ(key_address("issue/x", options), "/thread?as_of=2024-01-01&key=issue/x");
  EXPECT_EQ(item_key(3, "https://gitlab.example/a/b/-/merge_requests/3"), "pull/3");
  EXPECT_EQ(item_key(3, "https://github.com/a/b/pull/3"), "item/3");
}

// A server whose pages are made when the test says so.
class SlowPagesTest : public ::testing::Test {
 protected:
  SlowPagesTest()
      : server_(content(), {.patience = std::chrono::milliseconds(30)}),
        port_(server_.bind()),
        thread_([this] { server_.listen(); }) {}
  ~SlowPagesTest() override {
    hold(false);
    server_.stop();
    thread_.join();
  }

  DashboardContent content() {
    DashboardContent made;
    made.projects = [] { return std::vector<std::string>{"demo"}; };
    made.version = [this](const PageRequest&) {
      const std::lock_guard lock(mutex_);
      return version_;
    };
    made.pages = [this](const PageRequest& request) {
      std::unique_lock lock(mutex_);
      const std::string version = version_;
      released_.wait(lock, [&] { return !is_held_; });
      Page page{request.slug, "Made of " + version, "The content of " + version + "."};
      ActionCard card;
      card.item_id = 7;
      card.title = "Seven";
      card.forms = {{"note", "", "", "Keep it", "Note"}};
      page.cards = {card};
      return std::vector<Page>{page};
    };
    made.collect = [](const PlanRequest&) { return std::string(); };
    return made;
  }

  void hold(bool is_held) {
    const std::lock_guard lock(mutex_);
    is_held_ = is_held;
    released_.notify_all();
  }
  void change(const std::string& version) {
    const std::lock_guard lock(mutex_);
    version_ = version;
  }
  std::shared_ptr<test::Answer> get(const std::string& path) { return test::Client(port_).get(path); }
  // Asked again until nothing older is shown.
  std::shared_ptr<test::Answer> wait_for(const std::string& path) {
    for (int i = 0;; ++i) {
      auto answer = get(path);
      if (answer->header("X-Resident-Page").empty() || i == 1000) return answer;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

  std::mutex mutex_;
  std::condition_variable released_;
  bool is_held_ = true;
  std::string version_ = "one";
  DashboardServer server_;
  int port_;
  std::thread thread_;
};

TEST_F(SlowPagesTest, SayThatTheyAreBeingMade) {
  const auto answer = get("/review?project=demo");
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->header("X-Resident-Page"), "to come");
  EXPECT_EQ(answer->header("Refresh"), "2");
  EXPECT_EQ(answer->header("Cache-Control"), "no-store");
  EXPECT_NE(answer->body.find("being made for the first time"), std::string::npos);
  EXPECT_NE(answer->body.find("<a href=\"/review?project=demo\">Look again</a>"), std::string::npos);
  hold(false);
  EXPECT_NE(wait_for("/review?project=demo")->body.find("The content of one."), std::string::npos);
}

TEST_F(SlowPagesTest, ShowTheOneBeforeMeanwhile) {
  hold(false);
  EXPECT_EQ(wait_for("/flow")->body.find("class=\"older\""), std::string::npos);
  hold(true);
  change("two");
  const auto older = get("/flow");
  EXPECT_EQ(older->header("X-Resident-Page"), "older");
  EXPECT_NE(older->body.find("The content of one."), std::string::npos);
  EXPECT_NE(older->body.find("a newer one is being made"), std::string::npos);
  EXPECT_NE(older->body.find("<a href=\"/flow?project=demo\">"), std::string::npos);
  // Another moment is another page: there is none before it.
  EXPECT_EQ(get("/flow?as_of=2024-01-01")->header("X-Resident-Page"), "to come");
  hold(false);
  const auto newer = wait_for("/flow");
  EXPECT_NE(newer->body.find("The content of two."), std::string::npos);
  EXPECT_EQ(newer->body.find("class=\"older\""), std::string::npos);
}

// Else it would look as if what was noted had got lost.
TEST_F(SlowPagesTest, NeverShowOneOfBeforeAForm) {
  hold(false);
  const std::string body = wait_for("/review")->body, before = "name=\"token\" value=\"";
  const std::size_t begin = body.find(before) + before.size();
  const std::string token = body.substr(begin, body.find('"', begin) - begin);
  hold(true);
  EXPECT_EQ(test::Client(port_)
                .post_form("/plan", {{"token", token},
                                     {"project", "demo"},
                                     {"item", "7"},
                                     {"kind", "note"},
                                     {"content", "mine"},
                                     {"back", "/review"}})
                ->status,
            303);
  change("two");
  std::thread later([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    hold(false);
  });
  const auto newer = get("/review");  // longer than anybody's patience
  later.join();
  EXPECT_EQ(newer->header("X-Resident-Page"), "");
  EXPECT_NE(newer->body.find("The content of two."), std::string::npos);
}

// What one server made is shown by the next until it has made its own, and its forms work.
TEST(RememberedPages, AreShownByTheNextServer) {
  std::mutex mutex;
  std::condition_variable released;
  bool is_held = false;
  std::map<std::string, RememberedPage> store;
  std::string made_of = "one";
  const auto content = [&] {
    DashboardContent made;
    made.projects = [] { return std::vector<std::string>{"demo"}; };
    made.version = [](const PageRequest&) { return std::string("1"); };
    made.pages = [&](const PageRequest& request) {
      std::unique_lock lock(mutex);
      released.wait(lock, [&] { return !is_held; });
      Page page{request.slug, "Page", "The content of " + made_of + "."};
      ActionCard card;
      card.item_id = 7;
      card.title = "Seven";
      card.forms = {{"note", "", "", "Keep it", "Note"}};
      page.cards = {card};
      return std::vector<Page>{page};
    };
    made.collect = [](const PlanRequest&) { return std::string(); };
    made.recall = [&](const PageRequest& request) -> std::optional<RememberedPage> {
      const std::lock_guard lock(mutex);
      const auto found = store.find(request.slug);
      return found == store.end() ? std::nullopt : std::optional(found->second);
    };
    made.remember = [&](const PageRequest& request, const RememberedPage& page) {
      const std::lock_guard lock(mutex);
      store[request.slug] = page;
    };
    return made;
  };
  const auto with_server = [&](const auto& use) {
    DashboardServer server(content(), {.patience = std::chrono::milliseconds(30)});
    const int port = server.bind();
    std::thread thread([&] { server.listen(); });
    use(port);
    {
      const std::lock_guard lock(mutex);
      is_held = false;
      released.notify_all();
    }
    server.stop();
    thread.join();
  };
  const auto token_in = [](const std::string& body) {
    const std::string before = "name=\"token\" value=\"";
    const std::size_t begin = body.find(before) + before.size();
    return body.substr(begin, body.find('"', begin) - begin);
  };
  std::string first_token;
  with_server([&](int port) {
    first_token = token_in(test::Client(port).get("/review")->body);
    test::Client(port).get("/review?minutes=30");
    for (int i = 0; i < 1000; ++i) {
      const std::lock_guard lock(mutex);
      if (store.contains("review")) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  ASSERT_TRUE(store.contains("review"));
  EXPECT_EQ(store["review"].document.find(first_token), std::string::npos);
  store["review"].milliseconds = 5000;  // it is not waited for, then
  is_held = true;
  made_of = "two";
  with_server([&](int port) {
    const auto older = test::Client(port).get("/review");
    EXPECT_EQ(older->header("X-Resident-Page"), "older");
    EXPECT_NE(older->body.find("The content of one."), std::string::npos);
    EXPECT_NE(older->body.find("a newer one is being made"), std::string::npos);
    EXPECT_NE(token_in(older->body), first_token);
    EXPECT_EQ(test::Client(port)
                  .post_form("/plan", {{"token", token_in(older->body)},
                                       {"project", "demo"},
                                       {"item", "7"},
                                       {"kind", "note"},
                                       {"content", "mine"},
                                       {"back", "/review"}})
                  ->status,
              303);
    // A choice makes it another page.
    EXPECT_EQ(test::Client(port).get("/review?minutes=30")->header("X-Resident-Page"), "to come");
  });
  // Of another version of the program it links to what is not there.
  store["review"].document = "<main id=\"main\" tabindex=\"-1\">\nold";
  is_held = true;
  with_server([&](int port) { EXPECT_EQ(test::Client(port).get("/review")->header("X-Resident-Page"), "to come"); });
}

TEST(Server, StopsBeforeItBegins) {
  DashboardServer server(
      {[] { return std::vector<std::string>{}; }, [](const PageRequest&) { return std::vector<Page>{}; }});
  server.stop();
  server.listen();
  SUCCEED();
}

TEST(Server, SaysHowToBeginWithoutProjects) {
  DashboardServer server(
      {[] { return std::vector<std::string>{}; }, [](const PageRequest&) { return std::vector<Page>{}; }});
  const int port = server.bind();
  std::thread thread([&] { server.listen(); });
  const auto response = test::Client(port).get("/");
  server.stop();
  thread.join();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_NE(response->body.find("resident add git"), std::string::npos);
}

}  // namespace
}  // namespace resident
