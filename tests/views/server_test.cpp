#include <gtest/gtest.h>
#include <httplib.h>

#include <base/error.hpp>
#include <nlohmann/json.hpp>
#include <thread>
#include <views/server/server.hpp>

#include "hostile.hpp"

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

  httplib::Result get(const std::string& path, const httplib::Headers& headers = {}) {
    httplib::Client client("127.0.0.1", port_);
    client.set_keep_alive(false);
    return client.Get(path, headers);
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
    EXPECT_EQ(response->get_header_value("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(response->get_header_value("Referrer-Policy"), "no-referrer");
    EXPECT_NE(response->get_header_value("Content-Security-Policy").find("frame-ancestors 'none'"), std::string::npos);
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
  EXPECT_EQ(response->get_header_value("Content-Type"), "application/json");
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
  httplib::Client client("127.0.0.1", port_);
  EXPECT_EQ(client.Post("/", "x", "text/plain")->status, 405);
  EXPECT_EQ(client.Delete("/flow")->status, 405);
  const auto head = client.Head("/flow");
  EXPECT_EQ(head->status, 200);
  EXPECT_TRUE(head->body.empty());
}

TEST_F(ServerTest, DoesNotShareItsPort) {
  DashboardServer second(content(), {"127.0.0.1", port_});
  EXPECT_THROW(second.bind(), Error);
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
  httplib::Client client("127.0.0.1", port);
  const auto response = client.Get("/");
  server.stop();
  thread.join();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_NE(response->body.find("resident add git"), std::string::npos);
}

}  // namespace
}  // namespace resident
