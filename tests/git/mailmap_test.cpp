// .mailmap as git reads it: compared with `git check-mailmap`, on forms that people write and on random ones.
#include <base/mailmap.hpp>
#include <base/text.hpp>
#include <random>

#include "tests/git/git_fixture.hpp"

namespace resident::git {
namespace {

class GitMailmapOracle : public GitFixture {
 protected:
  void expect_as_git(const std::string& mailmap, const std::vector<std::pair<std::string, std::string>>& people) {
    put(".mailmap", mailmap);
    std::string input;
    for (const auto& [name, email] : people) input += name + " <" + email + ">\n";
    const std::string expected = git({"check-mailmap", "--stdin"}, input);
    const Mailmap ours(parse_mailmap(mailmap));
    std::string came;
    for (const auto& [name, email] : people) {
      const auto found = ours.find(name, email);
      came += (found.name.empty() ? "" : found.name + " ") + "<" + found.email + ">\n";
    }
    if (!came.empty()) came.pop_back();
    EXPECT_EQ(came, expected) << mailmap;
  }
};

TEST_F(GitMailmapOracle, FormsThatPeopleWrite) {
  expect_as_git(
      "# a comment <x@old.org>\n"
      "  # none: <blank@old.org>\n"
      "Ada Stone <ada@old.org>\n"
      "<bea@new.org> <bea@old.org>\n"
      "Cyd <cyd@new.org> <cyd@old.org> # was <cyd@older.org>\n"
      "Dan <dan@new.org> dan the man <dan@old.org>\r\n"
      "Eve <eve@new.org>\t<EVE@Old.org>\n"
      "Eve Later <eve@old.org>\n"
      "< gap@new.org > <gap@old.org>\n"
      "Gap <new@x.org> < gap2@old.org >\n"
      "Foo <foo@x.org> <>\n"
      "<> <none@old.org>\n"
      "no address at all\n"
      "open <open@old.org\n"
      "One <lab@x.org> one <lab@x.org>\n"
      "Two <lab@x.org> TWO <lab@x.org>\n"
      "Any <any@x.org> <lab@x.org>\n"
      "Chain <second@x.org> <first@x.org>\n"
      "Chained <third@x.org> <second@x.org>\n"
      "Zoë <zoe@x.org> ZOË <zoe@old.org>\n"
      "Same <same@x.org> same <same@old.org>\n"
      "Last <last@x.org> same <same@old.org>\n",
      {{"X", "x@old.org"},     {"Blank", "blank@old.org"}, {"ada", "ada@old.org"}, {"ada", "ADA@OLD.ORG"},
       {"Bea", "bea@old.org"}, {"C", "cyd@old.org"},       {"C", "cyd@older.org"}, {"Dan The Man", "dan@old.org"},
       {"Dan", "dan@old.org"}, {"E", "eve@old.org"},       {"G", "gap@old.org"},   {"G", "gap2@old.org"},
       {"F", "foo@x.org"},     {"N", "none@old.org"},      {"O", "open@old.org"},  {"one", "lab@x.org"},
       {"two", "lab@x.org"},   {"three", "lab@x.org"},     {"F", "first@x.org"},   {"S", "second@x.org"},
       {"ZOË", "zoe@old.org"}, {"zoË", "zoe@old.org"},     {"zoë", "zoe@old.org"}, {"same", "same@old.org"}});
}

TEST_F(GitMailmapOracle, RandomOnes) {
  std::mt19937 random(13);
  const std::vector<std::string> names{"", "Ada", "ada", "Ada Stone", "Bea", "# no", "B B"};
  const std::vector<std::string> emails{"a@x.org", "A@X.org", "b@x.org", "c@x.org", "", " a@x.org", "b@X.org "};
  const auto any = [&](const std::vector<std::string>& list) { return list[random() % list.size()]; };
  std::vector<std::pair<std::string, std::string>> people;
  for (const char* name : {"Ada", "ADA", "Bea", "Nobody"})
    for (const char* email : {"a@x.org", "b@X.org", "c@x.org", "d@x.org"}) people.emplace_back(name, email);
  for (int round = 0; round < 60; ++round) {
    std::string mailmap;
    for (std::size_t line = 0, count = 1 + random() % 8; line < count; ++line) {
      const char* space = random() % 4 ? " " : random() % 2 ? "\t" : "";
      mailmap += any(names) + space + "<" + any(emails) + ">";
      if (random() % 3) mailmap += space + any(names) + space + "<" + any(emails) + ">";
      mailmap += random() % 5 ? "\n" : "\r\n";
    }
    expect_as_git(mailmap, people);
  }
}

// Where git looks for it: the work tree, HEAD of a bare clone, and what mailmap.blob names.
TEST_F(GitMailmapOracle, Places) {
  put(".mailmap", "Ada Stone <ada@new.org> <ada@old.org>\n");
  put("names/map", "Bea Brook <bea@new.org> <ada@old.org>\n");
  commit("both");
  git({"branch", "other"});
  run({"git", "clone", "-q", "--bare", folder_.string(), (base_ / "bare").string()});
  const auto check = [&](const std::filesystem::path& where) {
    const std::string expected =
        run({"git", "-C", where.string(), "check-mailmap", "--stdin"}, "ada <ada@old.org>\nbea <bea@x.org>\n");
    const Mailmap ours(Repository(where.string()).mailmap());
    std::string came;
    for (const auto& [name, email] : {std::pair{"ada", "ada@old.org"}, {"bea", "bea@x.org"}}) {
      const auto found = ours.find(name, email);
      came += found.name + " <" + found.email + ">\n";
    }
    EXPECT_EQ(came, expected) << where;
  };
  check(folder_);
  check(base_ / "bare");
  for (const auto& where : {folder_, base_ / "bare"}) {
    run({"git", "-C", where.string(), "config", "mailmap.blob", "other:names/map"});
    check(where);
  }
}

}  // namespace
}  // namespace resident::git
