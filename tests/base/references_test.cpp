#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/references.hpp>
#include <random>

#include "tests/processor_time.hpp"

namespace resident {
namespace {

ReferenceRules rules_of(const std::string& forge) {
  ReferenceSettings settings;
  settings.forge = forge;
  return make_reference_rules(settings, "https://forge.example.org/o/r");
}

// "12 other/lib#13 14!", with "!" behind what is closed, "i" and "p" behind what the form tells.
std::string show(const std::vector<Reference>& references) {
  std::string text;
  for (const auto& each : references) {
    text += (text.empty() ? "" : " ") + (each.is_own() ? "" : each.repository + "#") + std::to_string(each.number);
    text += each.kind == ReferenceKind::issue ? "i" : each.kind == ReferenceKind::pull ? "p" : "";
    text += each.closes ? "!" : "";
  }
  return text;
}

std::string read(const std::string& text, const std::string& forge, Markup markup = Markup::markdown) {
  return show(find_references(text, markup, rules_of(forge)));
}

struct Form {
  const char *text, *github, *gitlab, *gitea;
};

// The rows of docs/guide/references.md: which forge reads which form as what.
TEST(References, FormsByForge) {
  for (const Form& each : {
           Form{"see #12", "12", "12i", "12"},
           {"see o/r#12", "12", "12i", "12"},
           {"see O/R#12", "12", "12i", "12"},
           {"see other/lib#12", "other/lib#12", "other/lib#12i", "other/lib#12"},
           {"see group/sub/lib#12", "", "group/sub/lib#12i", ""},
           {"see lib#12", "", "o/lib#12i", ""},
           {"see !12", "", "12p", "12"},
           {"see other/lib!12", "", "other/lib#12p", "other/lib#12"},
           {"see GH-12 and gh-13", "12 13", "12 13", "12 13"},
           {"see GL-12", "", "12", ""},
           {"see [issue:12] and [work_item:other/lib/13]", "", "12i other/lib#13i", ""},
           {"see bpo-12", "", "", ""},
           {"https://forge.example.org/o/r/issues/12", "12", "12i", "12"},
           {"https://forge.example.org/o/r/pull/12", "12", "12p", "12"},
           {"https://forge.example.org/o/r/pulls/12", "12", "12p", "12"},
           {"https://forge.example.org/o/r/-/merge_requests/12", "12", "12p", "12"},
           {"https://forge.example.org/o/r/-/work_items/12", "12", "12i", "12"},
           {"https://forge.example.org/o/r/pull/12/files?w=1#r34", "12", "12p", "12"},
           {"https://forge.example.org/o/r/issues/12#issuecomment-5", "12", "12i", "12"},
           {"https://forge.example.org/other/lib/issues/12", "other/lib#12", "other/lib#12i", "other/lib#12"},
           {"https://elsewhere.example.org/o/r/issues/12", "elsewhere.example.org/o/r#12",
            "elsewhere.example.org/o/r#12i", "elsewhere.example.org/o/r#12"},
           {"https://ci.example.org/builds/12", "", "", ""},
           {"https://forge.example.org/o/r/actions/runs/12", "", "", ""},
           {"https://forge.example.org/o/r/-/jobs/12", "", "", ""},
           {"Fixes #12", "12!", "12i!", "12!"},
           {"FIXES #12", "12!", "12i", "12!"},
           {"fixes: #12", "12!", "12i!", "12!"},
           {"fixes:#12", "12", "12i", "12"},
           {"fixes  #12", "12!", "12i!", "12"},
           {"Fixes\n#12", "12!", "12i", "12"},
           {"Closes #12, #13", "12! 13", "12i! 13i!", "12! 13"},
           {"Closes #12, #13 and #14", "12! 13 14", "12i! 13i! 14i!", "12! 13 14"},
           {"Closes #12, closes #13", "12! 13!", "12i! 13i!", "12! 13!"},
           {"Fixes issue #12", "12", "12i!", "12"},
           {"Closes issues #12 #13", "12 13", "12i! 13i!", "12 13"},
           {"Implements #12", "12", "12i!", "12"},
           {"Closing #12", "12", "12i!", "12"},
           {"closes o/r#12", "12!", "12i!", "12!"},
           {"closes other/lib#12", "other/lib#12!", "other/lib#12i!", "other/lib#12!"},
           {"resolves https://forge.example.org/o/r/issues/12", "12!", "12i!", "12!"},
           {"closes [#12](https://forge.example.org/o/r/issues/12)", "12!", "12i!", "12!"},
           {"fix-fixes #12", "12", "12i!", "12"},
           {"This prefixes #12", "12", "12i", "12"},
           {"**Fixes** #12", "12", "12i", "12"},
       }) {
    EXPECT_EQ(read(each.text, "github"), each.github) << each.text;
    EXPECT_EQ(read(each.text, "gitlab"), each.gitlab) << each.text;
    EXPECT_EQ(read(each.text, "gitea"), each.gitea) << each.text;
    EXPECT_EQ(read(each.text, "forgejo"), each.gitea) << each.text;
  }
}

TEST(References, WordBoundaries) {
  for (const auto& [text, expected] : std::initializer_list<std::pair<const char*, const char*>>{
           {"(#12), [#13]; #14.", "12 13 14"},
           {"C#12 a_#12 ##12 &#12; /#12 \\#12 $#12", ""},
           {"#12a #12_ #0 #012 #1234567890123", ""},
           {"#12-x", "12"},
           {"user/gh-12 xgh-12 gh-12x", ""},
           {"Siehe#12 修复#13", "13"},
           {"#999999999 #1000000000", "999999999"},
           {"https://forge.example.org/o/r/issues/12abc", ""},
           {"https://forge.example.org/o/r/issues/12.-", "12"},
           {"(https://forge.example.org/o/r/issues/12)", "12"},
           {"<https://forge.example.org/o/r/issues/12>, x", "12"},
           {"https://me:secret@forge.example.org/o/r/issues/12", "12"},
           {"https://forge.example.org@evil.example/o/r/issues/12", "evil.example/o/r#12"},
           {"#0  0x00007f in raise ()\n#1  main (argc=1) at main.c:12\n#2 /srv/a.php(12): f()", ""},
           {"#1 is what we need, #2 too", "1 2"},
           {"a..b/c#12 /x/y#12 x//y#12", "a..b/c#12"},
       })
    EXPECT_EQ(read(text, "github"), expected) << text;
}

TEST(References, CodeQuotesAndCommentsSayNothing) {
  for (const auto& [text, expected] : std::initializer_list<std::pair<const char*, const char*>>{
           {"`fixes #1` and ``fixes ` #2`` #3", "3"},
           {"``a ` fixes #4 `` fixes #5", "5!"},
           {"a ` fixes #6", "6!"},
           {"\\`fixes #7`", "7!"},
           {"fixes `x` #8", "8"},
           {"```\nfixes #1\n```\nfixes #2", "2!"},
           {"~~~~ text\nfixes #1\n~~~\nfixes #2\n~~~~~\nfixes #3", "3!"},
           {"```\nfixes #1", ""},
           {"    fixes #1\n\ntext\n    fixes #2", "2!"},
           {"- item\n\n      fixes #1\n\n  fixes #2", "2!"},
           {"- ```\n  fixes #1\n  ```\n- fixes #2", "2!"},
           {"> fixes #1\n\nfixes #2", "2!"},
           {"> a question\nfixes #2", "2!"},
           {"- > fixes #1\n- fixes #2", "2!"},
           {">>>\nfixes #1\n>>>\nfixes #2", "2!"},
           {"[quote=\"ann, post:1\"]\nfixes #1\n[/quote]\nfixes #2", "2!"},
           {"<!-- fixes #1 --> fixes #2", "2!"},
           {"<!-- fixes #1\n\nfixes #2", ""},
           {"a <!-- fixes #1", "1!"},
           {"`<!--` fixes #1", "1!"},
           {"<pre>\n\nfixes #1\n</pre>\nfixes #2 <code>fixes #3</code>", "2!"},
           {"<preface> fixes #1", "1!"},
           {"[#12](https://elsewhere.example.org/o/r/issues/13)", "elsewhere.example.org/o/r#13"},
       })
    EXPECT_EQ(read(text, "github"), expected) << text;
  // A commit's body may be indented, and old texts quote `so'.
  EXPECT_EQ(read("Subject\n\n    Fixes #1", "github", Markup::message), "1!");
  EXPECT_EQ(read("The `old' way\nfixes #1 `so'", "github", Markup::message), "1!");
  EXPECT_EQ(read("`fixes #1`\n> fixes #2", "github", Markup::message), "");
}

TEST(References, SettingsDecide) {
  ReferenceSettings settings;
  settings.prefixes = {"bpo-", "Issue "};
  settings.closing_words = {"Erledigt"};
  settings.repositories = {"o/former", "https://old.example.org/a/b.git"};
  const ReferenceRules rules = make_reference_rules(settings, "git@github.com:O/R.git");
  EXPECT_EQ(rules.host + "/" + rules.path, "github.com/o/r");
  EXPECT_EQ(show(find_references("bpo-1 issue 2 GH-3 erledigt #4 fixes #5", Markup::markdown, rules)), "1 2 4! 5");
  EXPECT_EQ(show(find_references("o/former#6 https://old.example.org/a/b/pulls/7 b/c#8", Markup::markdown, rules)),
            "6 7 b/c#8");
  settings.forge = "githup";
  EXPECT_THROW(make_reference_rules(settings, ""), Error);
  settings.forge = "auto";
  EXPECT_EQ(make_reference_rules(settings, "https://codeberg.org/o/r").forge, ForgeForms::gitea);
  EXPECT_EQ(make_reference_rules(settings, "https://x.example/o/r/-/issues/3").forge, ForgeForms::gitlab);
  EXPECT_EQ(make_reference_rules(settings, "https://x.example/o/r", "gitlab").forge, ForgeForms::gitlab);
  // Where the repository is not known, nothing but a bare number is its own.
  EXPECT_EQ(show(find_references("#1 o/r#2 https://github.com/o/r/issues/3", Markup::markdown, ReferenceRules{})),
            "1 o/r#2 github.com/o/r#3");
}

TEST(References, OneAlone) {
  const ReferenceRules rules = rules_of("github");
  for (const std::string text : {"12", "#12", " gh-12 ", "o/r#12", "https://forge.example.org/o/r/pull/12"})
    EXPECT_EQ(single_reference(text, rules).number, 12) << text;
  EXPECT_FALSE(single_reference("a/b#12", rules).is_own());
  for (const std::string text : {"", "12 13", "#12 x", "x12", "0", "-12"})
    EXPECT_EQ(single_reference(text, rules).number, 0) << text;
  EXPECT_EQ(single_reference("o/r!12", rules_of("gitlab")).kind, ReferenceKind::pull);
}

TEST(References, OwnNumbersOnce) {
  const OwnNumbers numbers =
      own_numbers(find_references("#3 #1 fixes #1 #3 a/b#4 !5", Markup::markdown, rules_of("gitlab")));
  EXPECT_EQ(numbers.closed, (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(numbers.named, std::vector<std::int64_t>{5});
  EXPECT_TRUE(
      own_numbers(find_references("!5", Markup::markdown, rules_of("gitlab")), ReferenceKind::issue).named.empty());
}

std::string any_text() {
  static const std::vector<std::string> pieces = {"#1",   "fixes ", "o/r",  "`",   "```", "\n", "\n\n",   "> ",
                                                  "<!--", "-->",    "[",    "](",  ")",   "/",  "-",      "gh-2",
                                                  "    ", "~~~",    "http", "://", ".",   "!3", ">>>",    "\xC3\xA9",
                                                  "\t",   "and ",   ", ",   "é",   "1",   "\\", "<code>", "</code>"};
  std::string text;
  const int count = *rc::gen::inRange(0, 60);
  for (int i = 0; i < count; ++i)
    text += pieces[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(pieces.size())))];
  return text;
}

TEST(References, AnyTextIsReadSoundly) {
  EXPECT_TRUE(rc::check("spoken text keeps its length and lines; references are in order and bounded", [] {
    const std::string text = any_text();
    for (const Markup markup : {Markup::markdown, Markup::message}) {
      const std::string spoken = spoken_text(text, markup);
      RC_ASSERT(spoken.size() == text.size());
      for (std::size_t i = 0; i < text.size(); ++i) RC_ASSERT((spoken[i] == '\n') == (text[i] == '\n'));
      for (const char* forge : {"github", "gitlab", "gitea"}) {
        std::size_t end = 0;
        for (const auto& each : find_references(text, markup, rules_of(forge))) {
          RC_ASSERT(each.begin >= end && each.end > each.begin && each.end <= text.size());
          RC_ASSERT(each.number > 0 && each.number <= kLargestReference);
          end = each.end;
        }
      }
    }
  }));
  EXPECT_TRUE(rc::check("what is put into a block of code says nothing", [] {
    std::string text = any_text();
    std::erase(text, '~');
    RC_ASSERT(find_references("~~~\n" + text + "\n~~~", Markup::markdown, rules_of("gitlab")).empty());
  }));
}

// Four times as long a text takes four times as long; where time went with the square of the length, sixteen times.
TEST(References, LongTextsTakeLinearTime) {
  for (const std::string piece : {"` `` ``` ", "<!-- ", "[", "#", "a/", "http://", "fixes #1 ", "> ", "- ", "<code>",
                                  ">>>\n", "[quote ", "#1, ", "GH-"}) {
    const auto seconds = [&](std::size_t size) {
      std::string text;
      while (text.size() < size) text += piece;
      const double begin = test::processor_seconds();
      find_references(text, Markup::markdown, rules_of("gitlab"));
      return test::processor_seconds() - begin;
    };
    EXPECT_LT(seconds(1 << 20), 9 * seconds(1 << 18) + 0.1) << piece;
  }
}

}  // namespace
}  // namespace resident
