#include <gtest/gtest.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/site/feed.hpp>
#include <cli/site/folder.hpp>
#include <cli/site/hints.hpp>
#include <filesystem>
#include <fstream>
#include <pugixml.hpp>
#include <set>
#include <sstream>
#include <tests/views/hostile.hpp>
#include <views/card_svg.hpp>
#include <views/picture_png.hpp>

namespace resident::site {
namespace {

namespace fs = std::filesystem;

class Folder : public testing::Test {
 protected:
  Folder() : place_(fs::temp_directory_path() / ("site-" + std::to_string(::getpid()))) { fs::remove_all(place_); }
  ~Folder() override { fs::remove_all(place_); }

  std::string read(const std::string& path) const {
    std::ifstream stream(place_ / path, std::ios::binary);
    std::ostringstream content;
    content << stream.rdbuf();
    return content.str();
  }
  void put(const std::string& path, const std::string& content) const {
    fs::create_directories((place_ / path).parent_path());
    std::ofstream(place_ / path, std::ios::binary) << content;
  }
  SiteFolder::Written write(const std::vector<std::pair<std::string, std::string>>& files,
                            const std::string& fingerprint = "f") const {
    SiteFolder folder(place_.string());
    for (const auto& [path, content] : files) folder.add(path, content);
    return folder.write(fingerprint);
  }

  const fs::path place_;
};

TEST_F(Folder, WritesOnlyWhatChangedAndRemovesWhatCeased) {
  const auto first = write({{"a.html", "a"}, {"reports/b.html", "b"}});
  EXPECT_EQ(first.written, 2u);
  EXPECT_EQ(read("reports/b.html"), "b");
  const auto before = fs::last_write_time(place_ / "a.html");
  const auto second = write({{"a.html", "a"}, {"c.html", "c"}}, "g");
  EXPECT_EQ(second.written, 1u);
  EXPECT_EQ(second.kept, 1u);
  EXPECT_EQ(second.removed, 1u);
  EXPECT_EQ(fs::last_write_time(place_ / "a.html"), before);
  EXPECT_FALSE(fs::exists(place_ / "reports"));
  EXPECT_EQ(SiteFolder(place_.string()).fingerprint(), "g");
}

TEST_F(Folder, WritesThroughNoLink) {
  const fs::path elsewhere = place_.string() + "-elsewhere";
  fs::create_directories(elsewhere);
  fs::create_directories(place_);
  fs::create_directory_symlink(elsewhere, place_ / "assets");
  EXPECT_THROW(write({{"assets/a.js", "a"}}), Error);
  EXPECT_TRUE(fs::is_empty(elsewhere));
  fs::remove_all(elsewhere);
}

TEST_F(Folder, TouchesNothingWhereNothingChanged) {
  write({{"a.html", "a"}});
  const auto list = fs::last_write_time(place_ / ".resident-site.json");
  EXPECT_EQ(write({{"a.html", "a"}}).kept, 1u);
  EXPECT_EQ(fs::last_write_time(place_ / ".resident-site.json"), list);
}

TEST_F(Folder, LeavesFilesOfOthers) {
  put("CNAME", "example.org");
  put("reports/mine.txt", "mine");
  write({{"reports/b.html", "b"}, {"a.html", "a"}});
  put("a.html", "changed by hand");
  const auto done = write({{"c.html", "c"}}, "g");
  EXPECT_EQ(done.left, std::vector<std::string>{"a.html"});
  EXPECT_EQ(read("CNAME"), "example.org");
  EXPECT_EQ(read("reports/mine.txt"), "mine");
  EXPECT_EQ(read("a.html"), "changed by hand");
  EXPECT_FALSE(fs::exists(place_ / "reports/b.html"));
}

TEST_F(Folder, RefusesToOverwriteAFileOfSomebodyElseBeforeItWritesAny) {
  put("index.html", "mine");
  EXPECT_THROW(write({{"a.html", "a"}, {"index.html", "ours"}}), Error);
  EXPECT_EQ(read("index.html"), "mine");
  EXPECT_FALSE(fs::exists(place_ / "a.html"));
  EXPECT_EQ(write({{"index.html", "mine"}}).kept, 1u) << "the same bytes are no harm";
}

TEST_F(Folder, SeesWhatIsMissing) {
  write({{"a.html", "a"}, {"b.html", "b"}});
  EXPECT_TRUE(SiteFolder(place_.string()).is_whole());
  fs::remove(place_ / "b.html");
  EXPECT_FALSE(SiteFolder(place_.string()).is_whole());
  EXPECT_EQ(write({{"a.html", "a"}, {"b.html", "b"}}).written, 1u);
}

TEST_F(Folder, KeepsWhatWasMadeOfTheSame) {
  {
    SiteFolder folder(place_.string());
    EXPECT_FALSE(folder.has_made_of("a.png", "svg"));
    folder.add("a.png", "png", "svg");
    folder.write("f");
  }
  SiteFolder folder(place_.string());
  ASSERT_TRUE(folder.has_made_of("a.png", "svg"));
  EXPECT_FALSE(folder.has_made_of("a.png", "other"));
  folder.keep("a.png", "svg");
  EXPECT_EQ(folder.write("g").kept, 1u);
  EXPECT_EQ(read("a.png"), "png");
}

TEST_F(Folder, TakesNoListThatNamesFilesElsewhere) {
  put(".resident-site.json",
      R"({"resident_site":1,"fingerprint":"f","files":{"../victim":{"hashes":["x"],"size":1}}})");
  EXPECT_THROW(SiteFolder(place_.string()), Error);
  put(".resident-site.json", "not JSON");
  EXPECT_THROW(SiteFolder(place_.string()), Error);
}

TEST_F(Folder, IsOneRunsAtATime) {
  const SiteFolder first(place_.string());
  EXPECT_THROW(SiteFolder(place_.string()), Error);
}

TEST(Hints, AreLeftOutWithTheirPartOfTheSentence) {
  const std::pair<const char*, const char*> cases[] = {
      {"No code is known: add a clone with `resident add git`.", "No code is known."},
      {"Core: by the onion's definition (`resident layers`). Quarters are of 91.3 days.",
       "Core: by the onion's definition. Quarters are of 91.3 days."},
      {"not known: no channels are known (resident add discourse, mail; guide: channels)",
       "not known: no channels are known"},
      {"not known: the store keeps no proposals; `resident proposals` reads them",
       "not known: the store keeps no proposals"},
      {"Counts vary by three. --declared FILE holds it against hours that people wrote down.", "Counts vary by three."},
      {"Hours: from sessions of all acts (`resident effort`), in equal parts.",
       "Hours: from sessions of all acts, in equal parts."},
      {"As `git blame --first-parent` says (bug #1).", "As `git blame --first-parent` says (bug #1)."},
      {"Projects: those whose imports name it, as `resident interest --keep` counted last.",
       "Projects: those whose imports name it."},
      {"All is in --json; a quarter without five has none.", "A quarter without five has none."},
      {"By hours. Whose they are is told with --people alone, to whoever has the store.", "By hours."},
      {"`resident need` holds it against the others.", ""}};
  for (const auto& [said, left] : cases) EXPECT_EQ(without_hints(said), left) << said;
}

TEST(Hints, LeaveWhatOthersWrote) {
  Result result;
  result.columns = {{"title", "Title"}, {"answer", "Answer"}};
  result.rows = {{std::string("Add hidden --enable-dev-mode"), std::string("not known: see `resident doctor`")}};
  result.notes = {"--limit shows more.", "All are there."};
  leave_out_hints(result);
  EXPECT_EQ(std::get<std::string>(result.rows[0][0]), "Add hidden --enable-dev-mode");
  EXPECT_EQ(std::get<std::string>(result.rows[0][1]), "not known");
  EXPECT_EQ(result.notes, std::vector<std::string>{"All are there."});
}

TEST(Week, IsNamedAsIso8601Does) {
  EXPECT_EQ(week_name(*parse_time("2020-12-28")), "2020-W53");
  EXPECT_EQ(week_name(*parse_time("2021-01-04")), "2021-W01");
  EXPECT_EQ(week_name(*parse_time("2024-12-30")), "2025-W01");
  EXPECT_EQ(week_name(*parse_time("2026-07-20")), "2026-W30");
}

SitePage report(const std::string& week, const char* begin) {
  SitePage page;
  page.path = "reports/" + week + ".html";
  page.page.slug = "reports/" + week;
  page.page.title = "Week " + week;
  page.as_of = *parse_time(begin) + kWeek - 1;
  Result summary;
  summary.claim = "everybody: " + test::kScript;
  page.page.data = {summary};
  return page;
}

// RFC 4287: 4.1.1 (feed), 4.1.2 (entry), 4.2.6 (id), 3.3 (dates).
TEST(Feed, IsAtomWithIdsThatStay) {
  const std::vector<SitePage> pages{report("2026-W30", "2026-07-20"), report("2026-W29", "2026-07-13")};
  const std::vector<SiteEvent> events{
      {*parse_time("2026-07-22"), "speed/abc", "Slower \xEF\xBF\xBF & so\x1B", "speed.html"}};
  const std::string text = atom_feed("p & q", "https://Example.org:8080/p/", pages, events);
  EXPECT_EQ(text, atom_feed("p & q", "https://Example.org:8080/p/", pages, events));
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(text.c_str()));
  const auto feed = document.child("feed");
  EXPECT_STREQ(feed.attribute("xmlns").value(), "http://www.w3.org/2005/Atom");
  EXPECT_STREQ(feed.child_value("id"), "tag:example.org,2026:/p/feed");
  EXPECT_STREQ(feed.child_value("title"), "p & q");
  EXPECT_STREQ(feed.child_value("updated"), "2026-07-27T00:00:00Z");
  EXPECT_STREQ(feed.child("author").child_value("name"), "p & q");
  std::set<std::string> ids;
  for (const auto entry : feed.children("entry")) {
    EXPECT_TRUE(ids.insert(entry.child_value("id")).second);
    EXPECT_TRUE(parse_time(entry.child_value("updated")));
    EXPECT_NE(std::string(entry.child_value("title")), "");
    EXPECT_STREQ(entry.child("link").attribute("rel").value(), "alternate");
  }
  EXPECT_EQ(ids, (std::set<std::string>{"tag:example.org,2026:/p/reports/2026-W30",
                                        "tag:example.org,2026:/p/reports/2026-W29",
                                        "tag:example.org,2026:/p/events/speed/abc"}));
  EXPECT_EQ(text.find("\xEF\xBF\xBF"), std::string::npos);
  EXPECT_EQ(text.find('\x1B'), std::string::npos);
  // Nothing that was there changes where something comes.
  auto more = pages;
  more.insert(more.begin(), report("2026-W31", "2026-07-27"));
  pugi::xml_document later;
  ASSERT_TRUE(later.load_string(atom_feed("p & q", "https://Example.org:8080/p/", more, events).c_str()));
  std::size_t same = 0;
  for (const auto entry : later.child("feed").children("entry")) same += ids.contains(entry.child_value("id"));
  EXPECT_EQ(same, 3u);
}

TEST(Feed, NeedsAHost) {
  EXPECT_THROW(atom_feed("p", "https://us er@/p/", {}, {}), Error);
}

TEST(SiteCard, IsXmlWhateverItSays) {
  const Result drawn = test::hostile_result();
  const std::string svg = card_svg({"p", test::kScript, std::string(5000, 'x') + " <&\"'", "as of", &drawn});
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(svg.c_str()));
  EXPECT_FALSE(document.child("svg").child("script"));
  EXPECT_LT(svg.size(), 40'000u);
}

TEST(SiteCard, DrawsTheCurve) {
  Result result;
  result.columns = {{"x", "X", ColumnType::date}, {"y", "Y", ColumnType::integer}};
  result.rows = {
      {std::int64_t{0}, std::int64_t{1}}, {std::int64_t{86400}, std::int64_t{3}}, {std::int64_t{172800}, Cell()}};
  result.chart = {Chart::Kind::line, "x", {"y"}};
  EXPECT_NE(card_svg({"p", "t", "s", "f", &result}).find("L1128.0 400.0"), std::string::npos);
  EXPECT_EQ(card_svg({"p", "t", "s", "f", nullptr}).find("fill=\"none\""), std::string::npos);
}

TEST(SiteCard, BecomesAPng) {
  if (!why_no_pictures().empty()) GTEST_SKIP() << why_no_pictures();
  const std::string svg = card_svg({"project", "Title", "A sentence.", "as of", nullptr});
  const std::string png = png_of_svg(svg, kCardWidth, kCardHeight);
  ASSERT_TRUE(png.starts_with("\x89PNG\r\n\x1A\n"));
  // IHDR: width and height, big endian (PNG, third edition, 11.2.1).
  EXPECT_EQ(png.substr(16, 8), std::string("\x00\x00\x04\xB0\x00\x00\x02\x76", 8));
  EXPECT_EQ(png, png_of_svg(svg, kCardWidth, kCardHeight));
  EXPECT_NE(png, png_of_svg(card_svg({"project", "Other", "A sentence.", "as of", nullptr}), kCardWidth, kCardHeight))
      << "words are drawn";
  EXPECT_THROW(png_of_svg("<svg", 10, 10), Error);
}

}  // namespace
}  // namespace resident::site
