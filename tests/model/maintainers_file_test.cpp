// Whom MAINTAINERS names: each row is what the kernel's scripts/get_maintainer.pl (as in kvm-unit-tests, November 2026)
// printed for the same file and path, run with --nogit --nogit-fallback.
#include <gtest/gtest.h>

#include <algorithm>
#include <model/maintainers_file.hpp>
#include <sources/git/maintainers.hpp>
#include <store/patch_book.hpp>
#include <tests/analyses/history.hpp>

namespace resident {
namespace {

constexpr std::string_view kFile =
    "List of maintainers\n===================\n\n\tM: *Mail* patches to: FullName <address@domain>\n\n"
    "PREFIX\nM:\tPre Fix <prefix@example.org>\nS:\tMaintained\nF:\tdrivers/net/foo.c\n\n"
    "FOLDER\nM:\tFol Der <folder@example.org>\nS:\tMaintained\nF:\tdrivers/net/\n\n"
    "STAR\nM:\tSt Ar <star@example.org>\nS:\tMaintained\nF:\t*/net/*\n\n"
    "DEEPSTAR\nM:\tDeep Star <deepstar@example.org>\nS:\tMaintained\nF:\t*/net/\n\n"
    "EXCLUDE\nM:\tEx Clude <exclude@example.org>\nS:\tMaintained\nF:\tlib/\nX:\tlib/zlib*\n\n"
    "NAME\nM:\tNa Me <name@example.org>\nS:\tMaintained\nN:\tgp io\n\n"
    "KEY\nM:\tKey Word <key@example.org>\nR:\tRe View <review@example.org>\nS:\tMaintained\nK:\tof_ get_\\w+\n\n"
    "THE REST\nM:\tThe Rest <rest@example.org>\nS:\tBuried alive in reporters\nF:\t*\nF:\t*/\n";

class Maintainers : public testing::Test {
 protected:
  Maintainers() : database_(Database::open(":memory:")), id_(ensure_project(*database_, "p")) {
    Writer writer(*database_, id_, ensure_source(*database_, id_, "git", "/clone"));
    PatchBook(writer).maintainers(maintainer_lines(kFile));
    writer.checkpoint("done");
    resolve_identities(*database_, id_);
  }

  std::string sections(const std::string& path, std::string_view diff = {}) {
    const Context context = open_context(*database_, Config(), "p", test::kForever, test::kForever);
    const People people = load_people(context);
    std::vector<std::string> names;
    for (const auto& section : MaintainersFile(context, people).sections_of({path}, diff))
      names.push_back(section.name);
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : " ") + name;
    return text;
  }

  std::unique_ptr<Database> database_;
  std::int64_t id_;
};

TEST_F(Maintainers, AreFoundAsTheScriptFindsThem) {
  EXPECT_EQ(sections("drivers/net/foo.c"), "PREFIX FOLDER STAR DEEPSTAR THE REST");
  EXPECT_EQ(sections("drivers/net/foo.cpp"), "PREFIX FOLDER STAR DEEPSTAR THE REST") << "a path that begins so";
  EXPECT_EQ(sections("drivers/net/foo/x.c"), "FOLDER DEEPSTAR THE REST") << "as many slashes";
  EXPECT_EQ(sections("drivers/net/bar.c"), "FOLDER STAR DEEPSTAR THE REST");
  EXPECT_EQ(sections("a/b/net/x.c"), "DEEPSTAR THE REST");
  EXPECT_EQ(sections("lib/zlib_x.c"), "THE REST");
  EXPECT_EQ(sections("lib/other.c"), "EXCLUDE THE REST");
  EXPECT_EQ(sections("lib/gpio.c"), "EXCLUDE NAME THE REST") << "blanks in N: do not count";
  EXPECT_EQ(sections("top.c"), "THE REST");
  EXPECT_EQ(sections("top.c", "+of_get_node();\n"), "THE REST KEY");
  EXPECT_EQ(sections("top.c", " of_get_node();\n"), "THE REST") << "of changed lines alone";
}

TEST_F(Maintainers, NamePeople) {
  const Context context = open_context(*database_, Config(), "p", test::kForever, test::kForever);
  const People people = load_people(context);
  const auto found = MaintainersFile(context, people).sections_of({"top.c"}, "-of_get_node();\n");
  ASSERT_EQ(found.size(), 2U);
  ASSERT_EQ(found[1].maintainers.size(), 1U);
  EXPECT_EQ(people.name(found[1].maintainers[0]), "Key Word");
  ASSERT_EQ(found[1].reviewers.size(), 1U);
  EXPECT_EQ(people.name(found[1].reviewers[0]), "Re View");
  EXPECT_EQ(found[0].status, "Buried alive in reporters");
}

TEST(MaintainerLines, StandInTheirSections) {
  const auto lines = maintainer_lines(kFile);
  ASSERT_GE(lines.size(), 4U);
  // The indented example above the sections is no field.
  EXPECT_EQ(lines[0].section, "PREFIX");
  EXPECT_EQ(lines[0].kind, "M");
  EXPECT_EQ(lines[0].person.email, "prefix@example.org");
  EXPECT_EQ(lines[0].value, "Pre Fix");
}

}  // namespace
}  // namespace resident
