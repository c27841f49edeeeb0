#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <base/compression.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <base/url.hpp>

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
  const std::string_view cut = "O@example";
  EXPECT_EQ(blank_emails(cut.substr(0, 2)), "O@");  // what stands behind a view is not looked at
  EXPECT_EQ(blank_emails("by 12+fresh[bot]@users.noreply.example.com, fresh[bot]@x"), "by <e-mail>, fresh[bot]@x");
  EXPECT_EQ(blank_emails("write to x@y.example."), "write to <e-mail>.");
  EXPECT_EQ(blank_emails("calc/ada@host.example.c, tool@1.2.c, a@b.c"), "calc/<e-mail>, tool@1.2.c, a@b.c");
  EXPECT_EQ(blank_passwords("x https://ada:s3cret@host.example/p?q=a:b@c, http://h:80/@x and ssh://git@host"),
            "x https://<token>@host.example/p?q=a:b@c, http://h:80/@x and ssh://git@host");
  EXPECT_EQ(blank_emails("mailto:x@y.example, (a.b@c-d.example)-"), "mailto:<e-mail>, (<e-mail>)-");
  EXPECT_EQ(blank_emails("https://ada@host.example/x"), "https://<e-mail>/x");
  EXPECT_EQ(blank_emails("for 123+tidy[bot]@users.noreply.example, a[bot] and [bot]@home"),
            "for <e-mail>, a[bot] and [bot]@home");
  EXPECT_EQ(blank_emails("jürgen@bücher.example, иван@пример.рф"), "<e-mail>, <e-mail>");
  EXPECT_EQ(blank_emails("联系a@b.cn谢谢"), "联系<e-mail>谢谢");
  EXPECT_EQ(blank_emails("a@xn--bcher-kva.xn--p1ai"), "<e-mail>");
  EXPECT_EQ(blank_emails("a@b.example@c.example"), "<e-mail>@c.example");
}

TEST(Text, WhatIsNoEmailAddressStays) {
  for (const char* text : {"actions/checkout@v4.1", "left-pad@1.3.0", "icon@2x.png", "root@localhost", "@ada.lovelace",
                           "git@forge.example:owner/name.git", "ssh://git@forge.example/owner/name", "a @ b.example",
                           "x@.example", "x@y.", "\xff@b.example", "@", "a@", "@b.example"})
    EXPECT_EQ(blank_emails(text), text);
}

TEST(Text, ManyAtSignsTakeLittleTime) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "a@";
  EXPECT_EQ(blank_emails(text), text);
  EXPECT_EQ(blank_emails(std::string(500'000, 'a') + "@b.example"), "<e-mail>");
}

TEST(Text, AddressesAreHttpOnly) {
  EXPECT_EQ(safe_url("https://a.example/b?c=d"), "https://a.example/b?c=d");
  for (const char* url :
       {"javascript:alert(1)", "data:text/html,x", "https://a.example/\"onclick=", "//a.example", "https://a b"})
    EXPECT_EQ(safe_url(url), "") << url;
  // What looks like the host is a user; marks that turn the rest around; invisible ones.
  for (const char* url : {"https://github.com@evil.example/", "https://github.com:x@evil.example", "https://",
                          "http:///a", "https://a.example/\u202Egpj.exe", "https://a.exa\u200Bmple/"})
    EXPECT_EQ(safe_url(url), "") << url;
  EXPECT_EQ(safe_url("HTTPS://a.example/@user?at=@x"), "HTTPS://a.example/@user?at=@x");
  EXPECT_EQ(clean_url(" https://a.example/\u202Ex\u200By\n"), "https://a.example/xy");
  EXPECT_EQ(clean_url("https://a@b.example/"), "");
  EXPECT_EQ(clean_url("javascript:alert(1)"), "");
  EXPECT_EQ(clean_url("https://a.example/" + std::string(3000, 'x')), "");
}

TEST(Text, MarkdownStaysText) {
  EXPECT_EQ(escape_markdown("a|b <script> *x* [y](z)\n# h"), "a\\|b \\<script\\> \\*x\\* \\[y\\](z) \\# h");
  EXPECT_EQ(escape_markdown("@ada").find("@ada"), std::string::npos);  // notifies nobody
  EXPECT_EQ(escape_markdown("by ada@secret.example *x*"), "by \\<e-mail\\> \\*x\\*");
}

TEST(Text, NearMissesAreNear) {
  EXPECT_EQ(near_miss("reveiw", {"review", "triage"}), "review");
  EXPECT_EQ(near_miss("zzzzzz", {"review", "triage"}), "");
  EXPECT_EQ(near_miss("a", {"h", "b"}), "") << "a word of which no letter stays is another word";
  EXPECT_EQ(near_miss("ad", {"ada"}), "ada");
  EXPECT_EQ(near_miss("", {"h"}), "");
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
