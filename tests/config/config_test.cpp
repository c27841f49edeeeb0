#include <fmt/format.h>
#include <gtest/gtest.h>

#include <base/error.hpp>
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
