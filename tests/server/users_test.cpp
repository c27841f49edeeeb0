// Several people at one dashboard: a name that a browser keeps, one that a proxy gives, lists as files, and pages of
// what their address names.
#include <gtest/gtest.h>

#include <mutex>
#include <server/dashboard_server.hpp>
#include <thread>

#include "client.hpp"
#include "tests/views/hostile.hpp"

namespace resident {
namespace {

struct Seen {
  std::mutex mutex;
  std::vector<PageRequest> pages;
  std::vector<PlanRequest> plans;
};

class UsersTest : public ::testing::Test {
 protected:
  explicit UsersTest(ServerOptions options = {}) : server_(content(), std::move(options)), port_(server_.bind()) {
    thread_ = std::thread([this] { server_.listen(); });
  }
  ~UsersTest() override {
    server_.stop();
    thread_.join();
  }

  DashboardContent content() {
    DashboardContent made;
    made.projects = [] { return std::vector<std::string>{"demo"}; };
    made.pages = [this](const PageRequest& request) {
      const std::lock_guard lock(seen_.mutex);
      seen_.pages.push_back(request);
      Page page{request.slug, "Page"};
      ActionForm form;
      form.kind = "label";
      form.content = "bug";
      form.button = "Plan it";
      ActionCard card;
      card.item_id = 5;
      card.title = "#5 It fails";
      card.forms = {form};
      page.cards = {card};
      page.results = {test::small_result()};
      return std::vector<Page>{page};
    };
    made.collect = [this](const PlanRequest& request) {
      const std::lock_guard lock(seen_.mutex);
      seen_.plans.push_back(request);
      return std::string("planned.5/label/abc");
    };
    return made;
  }

  std::shared_ptr<test::Answer> get(const std::string& path, const http::Headers& headers = {}) {
    return test::Client(port_).get(path, headers);
  }
  std::string token() {
    static constexpr std::string_view kBefore = "name=\"token\" value=\"";
    const std::string body = get("/triage", proxied_)->body;
    const std::size_t at = body.find(kBefore);
    return at == std::string::npos ? "" : body.substr(at + kBefore.size(), 32);
  }

  http::Headers proxied_;  // what a proxy would add
  Seen seen_;
  DashboardServer server_;
  int port_;
  std::thread thread_;
};

TEST_F(UsersTest, KeepANameInTheBrowser) {
  const auto answer = test::Client(port_).post_form("/plan", {{"token", token()},
                                                              {"project", "demo"},
                                                              {"item", "0"},
                                                              {"kind", "user"},
                                                              {"content", " Ada L\xC3\xB6velace; x "},
                                                              {"back", "/triage?project=demo"}});
  EXPECT_EQ(answer->status, 303);
  EXPECT_EQ(answer->header("Location"), "/triage?project=demo");
  const std::string cookie = answer->header("Set-Cookie");
  EXPECT_TRUE(
      cookie.starts_with("resident_user=Ada%20L%C3%B6velace%3B%20x; Path=/; HttpOnly; SameSite=Strict; Max-Age="))
      << cookie;
  EXPECT_TRUE(seen_.plans.empty());
  // The name comes back with each page that one works on, and with what is collected there.
  const http::Headers with{{"Cookie", "other=1; resident_user=Ada%20L%C3%B6velace%3B%20x"}};
  const std::string page = get("/triage", with)->body;
  EXPECT_NE(page.find("value=\"Ada L\xC3\xB6velace; x\""), std::string::npos);
  EXPECT_EQ(seen_.pages.back().user, "Ada L\xC3\xB6velace; x");
  get("/flow", with);
  EXPECT_EQ(seen_.pages.back().user, "");  // the same for everybody, so that it is made once
}

TEST_F(UsersTest, ForgetAnEmptyName) {
  const auto answer = test::Client(port_).post_form(
      "/plan",
      {{"token", token()}, {"project", "demo"}, {"item", "0"}, {"kind", "user"}, {"content", ""}, {"back", "/plan"}});
  EXPECT_NE(answer->header("Set-Cookie").find("Max-Age=0"), std::string::npos);
}

TEST_F(UsersTest, TakeBackWhatTheyDid) {
  const std::string page = get("/triage?done=planned.5%2Flabel%2Fabc&on=5")->body;
  EXPECT_NE(page.find("It is in the plan now."), std::string::npos);
  EXPECT_NE(page.find("name=\"kind\" value=\"drop\""), std::string::npos);
  EXPECT_NE(page.find("name=\"content\" value=\"5/label/abc\""), std::string::npos);
  EXPECT_NE(get("/triage?done=snoozed&on=5")->body.find("name=\"kind\" value=\"unsnooze\""), std::string::npos);
  EXPECT_EQ(get("/triage?done=unsnoozed&on=5")->body.find("Take it back"), std::string::npos);
}

TEST_F(UsersTest, HaveListsAsFiles) {
  const auto csv = get("/api/small?format=csv");
  EXPECT_EQ(csv->header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_EQ(csv->header("Content-Disposition"), "attachment; filename=\"small.csv\"");
  EXPECT_TRUE(csv->body.starts_with("number,title,count,url\r\n")) << csv->body;
  EXPECT_TRUE(get("/api/small?format=md")->body.starts_with("## Small"));
  EXPECT_EQ(get("/api/small?format=html")->status, 400);
}

TEST_F(UsersTest, FindPagesOfSomething) {
  get("/person?of=ada");
  EXPECT_EQ(seen_.pages.back().slug, "person");
  EXPECT_EQ(seen_.pages.back().of, "ada");
  get("/search?q=one+two");
  EXPECT_EQ(seen_.pages.back().slug, "search");
  EXPECT_EQ(seen_.pages.back().arguments.at("q"), "one two");
  EXPECT_EQ(get("/queues")->status, 404);  // stands in the file alone
  EXPECT_NE(get("/flow")->body.find("action=\"/search\""), std::string::npos);
}

ServerOptions behind_a_proxy() {
  ServerOptions options;
  options.user_header = "X-Forwarded-User";
  options.names = {"resident.example.org"};
  return options;
}

class ProxyTest : public UsersTest {
 protected:
  ProxyTest() : UsersTest(behind_a_proxy()) { proxied_ = {{"X-Forwarded-User", "ada"}}; }
};

TEST_F(ProxyTest, NamesWhoAsks) {
  EXPECT_EQ(get("/triage")->status, 403);
  EXPECT_EQ(get("/triage", {{"X-Forwarded-User", " "}})->status, 403);
  EXPECT_EQ(get("/triage", {{"X-Forwarded-User", "ada"}, {"X-Forwarded-User", "bob"}})->status, 403);
  EXPECT_EQ(get("/triage", {{"Cookie", "resident_user=bob"}})->status, 403);
  EXPECT_EQ(get("/health")->status, 200);
  EXPECT_EQ(get("/triage", {{"X-Forwarded-User", "ada"}, {"Cookie", "resident_user=bob"}})->status, 200);
  EXPECT_EQ(seen_.pages.back().user, "ada");
  EXPECT_EQ(get("/triage", {{"X-Forwarded-User", "ada"}, {"Host", "resident.example.org"}})->status, 200);
  EXPECT_EQ(get("/triage", {{"X-Forwarded-User", "ada"}, {"Host", "other.example.org"}})->status, 421);
}

TEST_F(ProxyTest, IsTheOnlyOneToSay) {
  const std::string key = token();
  ASSERT_FALSE(key.empty());
  const std::vector<std::pair<std::string, std::string>> form{
      {"token", key}, {"project", "demo"}, {"item", "5"}, {"kind", "user"}, {"content", "bob"}, {"back", "/triage"}};
  EXPECT_EQ(test::Client(port_).post_form("/plan", form, proxied_)->status, 403);
  auto planned = form;
  planned[3].second = "label";
  EXPECT_EQ(test::Client(port_).post_form("/plan", planned, proxied_)->status, 303);
  EXPECT_EQ(seen_.plans.at(0).user, "ada");
  EXPECT_EQ(test::Client(port_).post_form("/plan", planned)->status, 403);
}

}  // namespace
}  // namespace resident
