#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <base/compression.hpp>
#include <base/error.hpp>
#include <base/text.hpp>

namespace resident {
namespace {

TEST(Text, IsMadeValid) {
  EXPECT_EQ(clean_text("plain ünïcode"), "plain ünïcode");
  EXPECT_EQ(clean_text(std::string("a\0b", 3)),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(clean_text("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");       // overlong
  EXPECT_EQ(clean_text("\xED\xA0\x80").substr(0, 3), "\xEF\xBF\xBD");  // surrogate
  EXPECT_EQ(clean_text("äöü", 4), "äö…");
  rc::check("any bytes become clean, and clean text stays", [](const std::string& bytes) {
    const std::string clean = clean_text(bytes);
    RC_ASSERT(is_clean_text(clean));
    RC_ASSERT(clean_text(clean) == clean);
  });
}

TEST(Text, OneLineDrawsNothingOnTerminals) {
  EXPECT_EQ(one_line("a\x1b[31mb\nc\xE2\x80\xAE"
                     "d"),
            "a [31mb c d");
}

TEST(Text, FitsItsWidth) {
  EXPECT_EQ(display_width("日本"), 4u);
  EXPECT_EQ(fit_width("日本語", 5), "日本…");
  EXPECT_EQ(fit_width("short", 10), "short");
  rc::check("never wider", [](const std::string& bytes) {
    const auto columns = *rc::gen::inRange<std::size_t>(0, 30);
    RC_ASSERT(display_width(fit_width(clean_text(bytes), columns)) <= columns);
  });
}

TEST(Text, EmailsAreBlanked) {
  EXPECT_EQ(blank_emails("Ada <ada.l+x@example.org>, and @ada, a@b"), "Ada <<e-mail>>, and @ada, a@b");
  EXPECT_EQ(blank_emails("write to x@y.example."), "write to <e-mail>.");
}

TEST(Text, AddressesAreHttpOnly) {
  EXPECT_EQ(safe_url("https://a.example/b?c=d"), "https://a.example/b?c=d");
  for (const char* url :
       {"javascript:alert(1)", "data:text/html,x", "https://a.example/\"onclick=", "//a.example", "https://a b"})
    EXPECT_EQ(safe_url(url), "") << url;
}

TEST(Text, MarkdownStaysText) {
  EXPECT_EQ(escape_markdown("a|b <script> *x* [y](z)\n# h"), "a\\|b \\<script\\> \\*x\\* \\[y\\](z) \\# h");
  EXPECT_EQ(escape_markdown("@ada").find("@ada"), std::string::npos);  // notifies nobody
}

TEST(Text, NearMissesAreNear) {
  EXPECT_EQ(near_miss("reveiw", {"review", "triage"}), "review");
  EXPECT_EQ(near_miss("zzzzzz", {"review", "triage"}), "");
}

TEST(Text, NumbersHaveThousands) {
  EXPECT_EQ(with_thousands(1234567), "1,234,567");
  EXPECT_EQ(with_thousands(-1000), "-1,000");
  EXPECT_EQ(plural(1, "issue"), "1 issue");
  EXPECT_EQ(plural(2, "entry", "entries"), "2 entries");
}

TEST(Compression, GivesBackWhatItTook) {
  rc::check("any bytes", [](const std::string& bytes) { RC_ASSERT(decompress(compress(bytes)) == bytes); });
  EXPECT_THROW(decompress("not zstd"), Error);
  EXPECT_THROW(decompress(compress(std::string(1000, 'x')), 10), Error);
}

TEST(VisibleText, KeepsWhatAReaderSees) {
  EXPECT_EQ(visible_text("a\n\tb é 日本 👩\u200D💻"), "a\n\tb é 日本 👩\u200D💻");
  EXPECT_EQ(visible_text("a<!-- hidden -->b<!-- open"), "ab<!-- open");
  EXPECT_EQ(visible_text("a\x1B[31m\rb\u202E\u200B\uFEFF\U000E0061\U000E0100c"), "a[31mbc");
  EXPECT_EQ(visible_text("\xFF"), "\uFFFD");
  EXPECT_EQ(visible_text("<!---->x<!--"), "x<!--");
}

}  // namespace
}  // namespace resident
