#include <gtest/gtest.h>

#include <views/page.hpp>

#include "hostile.hpp"

namespace resident {
namespace {

bool has(const std::string& html, const std::string& part) {
  return html.find(part) != std::string::npos;
}

TEST(PostText, KeepsParagraphsLineByLine) {
  EXPECT_EQ(render_post("One\ntwo\n\n\nthree [a](https://example.org) **b**"),
            "<div class=\"said\">\n<p>One\ntwo</p>\n<p>three [a](https://example.org) **b**</p>\n</div>");
  EXPECT_EQ(render_post(" \n\n"), "<div class=\"said\">\n</div>");
}

TEST(PostText, MarksWhatIsQuoted) {
  const std::string html = render_post("On Monday Ada wrote:\n> Does it?\n> > It did.\n>\n> Now not.\nIt does.");
  EXPECT_TRUE(has(html,
                  "<p>On Monday Ada wrote:</p>\n<blockquote><p>Does it?</p>\n<blockquote><p>It did.</p>\n"
                  "</blockquote>\n<p>Now not.</p>\n</blockquote>\n<p>It does.</p>"))
      << html;
  const std::string forum = render_post("[quote=\"ada, post:3, topic:12\"]\nDoes it?\n[/quote]\n\nYes.");
  EXPECT_TRUE(has(forum, "<blockquote><p class=\"cited\">ada wrote:</p>\n<p>Does it?</p>\n</blockquote>\n<p>Yes.</p>"))
      << forum;
  EXPECT_TRUE(has(render_post("[quote]\nnever closed"), "<blockquote><p>never closed</p>"));
}

TEST(PostText, KeepsCodeAsItStands) {
  EXPECT_TRUE(has(render_post("So:\n```cpp\nint  a;\n\n> b\n```\nthen"),
                  "<p>So:</p>\n<pre>int  a;\n\n&gt; b</pre>\n<p>then</p>"));
  EXPECT_TRUE(has(render_post("So:\n\n    make\n      all\n\nthen"), "<pre>make\n  all</pre>\n<p>then</p>"));
  EXPECT_TRUE(has(render_post("~~~\nnever closed"), "<pre>never closed</pre>"));
  // What belongs to an entry of a list is no code.
  EXPECT_FALSE(has(render_post("- one\n\n    more of it\n"), "<pre>"));
}

TEST(PostText, NothingThatPeopleWroteIsAnElement) {
  const std::string hostile = test::kScript + test::kImage + test::kEscape;
  for (const std::string& text :
       {hostile, "> " + hostile, "```" + hostile + "\n" + hostile, "    " + hostile,
        "[quote=\"" + hostile + "\"]\n" + hostile + "\n[/quote]", "<pre>\n" + hostile + "</pre>"}) {
    const std::string html = render_post(text);
    EXPECT_FALSE(has(html, "<script")) << html;
    EXPECT_FALSE(has(html, "<img")) << html;
    EXPECT_FALSE(has(html, "\x1b")) << html;
  }
}

TEST(PostText, PutsTheRestOfALongOneAway) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "A line of it, as long as lines are.\n" + std::string(i % 7 == 0 ? "\n" : "");
  const std::string html = render_post(text);
  const std::size_t rest = html.find("<details><summary>The rest of it</summary>");
  ASSERT_NE(rest, std::string::npos);
  EXPECT_GT(rest, 1500u);
  EXPECT_LT(rest, 4500u);
  // One line without an end, in two-byte letters: cut between letters.
  std::string endless;
  for (int i = 0; i < 9000; ++i) endless += "é";
  EXPECT_FALSE(has(render_post(endless), "\xEF\xBF\xBD"));
  EXPECT_TRUE(has(render_post(endless), "The rest of it"));
}

TEST(PostText, IsBoundedByItsDepthAndLength) {
  const std::string deep = std::string(5000, '>') + " deep";
  EXPECT_LT(render_post(deep).size(), 60'000u);
  std::string quotes;
  for (int i = 0; i < 2000; ++i) quotes += "[quote=\"a\"]\n";
  EXPECT_LT(render_post(quotes).size(), 200'000u);
}

}  // namespace
}  // namespace resident
