#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <config/config.hpp>
#include <fstream>
#include <sstream>

namespace resident {
namespace {

TEST(Config, PresetsAreAllReadable) {
  const auto names = preset_names();
  EXPECT_GE(names.size(), 3u);
  for (const auto& name : names)
    EXPECT_EQ(Config::parse("[project.x]\npreset = \"" + name + "\"\n", "test").project("x").preset, name);
}

// What begins a cycle of releases there, and which labels hold an issue up or make it urgent.
TEST(Config, PresetsKnowTheirProjects) {
  struct Row {
    const char *preset, *release, *other, *waiting, *urgent;
  };
  const Row rows[] = {{"django", "5.1", "5.1.2", "needs tests", "severity: Release blocker"},
                      {"ruby", "v3_3_0", "v3_3_0_preview1", "status: Feedback", "priority: Urgent"},
                      {"gcc", "releases/gcc-14.1.0", "releases/gcc-14.2.0", "status: WAITING", "priority: P1"},
                      {"go", "go1.22.0", "go1.22rc1", "WaitingForInfo", "release-blocker"},
                      {"linux", "v6.12", "v6.12-rc3", "", "regression"},
                      {"postgresql", "REL_17_0", "REL_17_RC1", "", ""},
                      {"rust", "1.80.0", "1.80.1", "S-needs-repro", "P-critical"}};
  for (const Row& row : rows) {
    const ProjectConfig project =
        Config::parse(std::string("[project.x]\npreset = \"") + row.preset + "\"\n", "test").project("x");
    const Pattern tags(project.release_tags);
    EXPECT_TRUE(tags.found_in(row.release)) << row.preset;
    EXPECT_FALSE(tags.found_in(row.other)) << row.preset;
    const auto has = [](const std::vector<std::string>& list, const std::string& label) {
      return label.empty() || std::find(list.begin(), list.end(), label) != list.end();
    };
    EXPECT_TRUE(has(project.triage.waiting_labels, row.waiting)) << row.preset;
    EXPECT_TRUE(has(project.triage.urgent_labels, row.urgent)) << row.preset;
  }
  EXPECT_TRUE(Pattern(Config::parse("[project.x]\npreset = \"postgresql\"\n", "t").project("x").release_tags)
                  .found_in("REL9_6_0"));
}

TEST(Config, OwnSettingsGoOverThePreset) {
  const Config config = Config::parse(
      "[project.x]\npreset = \"ack\"\nbots = [\"DrahtBot\"]\n[project.x.review]\nrequired_approvals = "
      "3\n[project.x.releases]\n\"1.0\" = \"2023-05-01\"\n"
      "[[project.x.modules]]\npattern = '^src/([^/]+)'\nname = '\\1'\n",
      "test");
  const ProjectConfig project = config.project("x");
  EXPECT_EQ(project.review.required_approvals, 3);
  EXPECT_EQ(project.review.approval_by_comment, "yes");
  ASSERT_EQ(project.releases.size(), 1u);
  ASSERT_EQ(project.modules.size(), 1u);
  EXPECT_EQ(config.project("other").preset, "github");
}

TEST(Config, HowManyApprovalsAreEnoughIsFoundWhereNobodySays) {
  EXPECT_EQ(Config().project("x").review.required_approvals, 0);
  EXPECT_EQ(Config::parse("[project.x]\npreset = \"ack\"\n", "test").project("x").review.required_approvals, 0);
  EXPECT_EQ(Config::parse("[project.x]\npreset = \"openstack\"\n", "test").project("x").review.required_approvals, 2);
  EXPECT_EQ(
      Config::parse("[project.x]\npreset = \"openstack\"\n[project.x.review]\nrequired_approvals = \"auto\"\n", "test")
          .project("x")
          .review.required_approvals,
      0);
}

TEST(Config, MistakesAreNamed) {
  const auto message = [](const char* text) -> std::string {
    try {
      Config::parse(text, "resident.toml");
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      return std::string(error.what()) + " / " + error.hint();
    }
    return "no error";
  };
  EXPECT_NE(message("[project.x]\nreview = 3\n").find("review"), std::string::npos);
  EXPECT_NE(message("[project.x]\nprset = \"ack\"\n").find("did you mean preset?"), std::string::npos);
  EXPECT_NE(message("[project.x.review]\nrequired_approvals = \"two\"\n").find("a whole number"), std::string::npos);
  EXPECT_NE(message("[project.x]\nrelease_tags = '('\n").find("not a pattern"), std::string::npos);
  EXPECT_NE(message("[project.x\n").find("line 1"), std::string::npos);
  EXPECT_NE(message("[server]\nport = 1\n").find("no table called server"), std::string::npos);
}

TEST(Config, TheGuideTellsEverySetting) {
  std::ifstream stream(std::string(RESIDENT_SOURCE_DIR) + "/docs/guide/configuration.md");
  std::ostringstream guide;
  guide << stream.rdbuf();
  for (const auto& key : Config::keys())
    EXPECT_NE(guide.str().find("`" + key + "`"), std::string::npos) << key << " is not in docs/guide/configuration.md";
  for (const auto& key : embedding_keys())
    EXPECT_NE(guide.str().find("| `" + key + "` |"), std::string::npos)
        << key << " is not in docs/guide/configuration.md";
}

TEST(Config, AnEmbeddingModelIsNamedByTheConfigurationAlone) {
  EXPECT_FALSE(Config().embedding().is_on());
  EXPECT_FALSE(Config::parse("[project.p]\n", "test").project("p").embedding.is_on());
  const auto config = Config::parse("[embedding]\nmodel = \"m/model.onnx\"\nmost_tokens = 128\n", "/etc/resident.toml");
  const auto rules = config.project("p").embedding;
  EXPECT_TRUE(rules.is_on());
  EXPECT_EQ(rules.model, "/etc/m/model.onnx");  // from where the configuration lies
  EXPECT_EQ(rules.vocabulary, "/etc/m/vocab.txt");
  EXPECT_EQ(rules.runtime, "libonnxruntime.so.1");  // a name is the loader's to look up
  EXPECT_EQ(rules.most_tokens, 128);
  const auto other = Config::parse(
      "[embedding]\nmodel = \"/m.onnx\"\nvocabulary = \"v.txt\"\nruntime = \"lib/o.so\"\nthreads = 2\n", "/etc/x.toml");
  EXPECT_EQ(other.embedding().model, "/m.onnx");
  EXPECT_EQ(other.embedding().vocabulary, "/etc/v.txt");
  EXPECT_EQ(other.embedding().runtime, "/etc/lib/o.so");
  EXPECT_EQ(other.embedding().threads, 2);
  for (const char* bad : {"[embedding]\n", "embedding = 1\n", "[embedding]\nmodel = \"m\"\nmost_tokens = 1\n",
                          "[embedding]\nmodel = \"m\"\nthreads = \"2\"\n", "[embedding]\nmodel = [\"m\"]\n",
                          "[embedding]\nmodel = \"m\"\nurl = \"x\"\n", "[project.p.embedding]\nmodel = \"m\"\n",
                          "[project.p]\nembedding = \"m\"\n"})
    EXPECT_THROW(Config::parse(bad, "test"), Error) << bad;
}

TEST(Config, ValuesThatCannotBeAreRefusedAtOnce) {
  for (const char* bad :
       {"site.people = \"al\"", "site.impact_start = \"never\"", "link = [{pattern = \"()\", tracker = \"t\"}]",
        "chat.time_zone = \"Europe/Berlim\"", "chat.time_zone = \"+2\"", "chat.time_zone = \"+15:00\""})
    EXPECT_THROW(Config::parse(std::string("[project.p]\n") + bad + "\n", "test").project("p"), Error) << bad;
  EXPECT_EQ(Config::parse("[project.p]\nsite.people = \"logins\"\n", "test").project("p").site.people, "logins");
  for (const char* zone : {"Europe/Berlin", "UTC", "+02:00", "-14:00", ""})
    EXPECT_EQ(
        Config::parse(fmt::format("[project.p]\nchat.time_zone = \"{}\"\n", zone), "test").project("p").chat.time_zone,
        zone);
  try {
    Config::parse("[project.p]\nimpact_strat = \"2024-01-01\"\n", "test").project("p");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.hint(), "did you mean site.impact_start?");
  }
}

TEST(Bots, AreKnownByTypeNameOrConfiguration) {
  BotRules rules;
  EXPECT_EQ(rules.reason("dependabot[bot]", "", ""), "the name");
  EXPECT_EQ(rules.reason("DrahtBot", "", "User"), "the name");
  EXPECT_EQ(rules.reason("ci-bot", "", ""), "the name");
  EXPECT_EQ(rules.reason("", "merge-script", ""), "the name");
  EXPECT_EQ(rules.reason("ann<script>alert(1)</script>", "", ""), "");
  EXPECT_EQ(rules.reason("", "Miss Islington (bot)", ""), "the name");
  EXPECT_EQ(rules.reason("x", "", "Bot"), "the forge says so");
  for (const char* person : {"robot-dreams", "Talbot", "abbot", "botond"})
    EXPECT_EQ(rules.reason(person, "", "User"), "") << person;
  rules.bots = {"Helper"};
  rules.not_bots = {"cute-bot"};
  EXPECT_EQ(rules.reason("helper", "", ""), "configured");
  EXPECT_EQ(rules.reason("cute-bot", "", ""), "");
}

}  // namespace
}  // namespace resident
