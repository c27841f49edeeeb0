#include <gtest/gtest.h>

#include <algorithm>
#include <base/error.hpp>
#include <random>
#include <sources/decode/decode.hpp>
#include <sources/mail/message.hpp>
#include <sources/mail/splitter.hpp>
#include <sources/mail/threading.hpp>

namespace resident::mail {

namespace {

TEST(MailDecode, EncodedWords) {
  EXPECT_EQ(decode_words("=?utf-8?q?J=C3=BCrgen_M?="), "Jürgen M");
  EXPECT_EQ(decode_words("=?iso-8859-1?Q?Andr=E9?= Pirard"), "André Pirard");
  EXPECT_EQ(decode_words("=?UTF-8?B?0J/RgNC4?=\n =?UTF-8?B?0LLQtdGC?="), "Привет");
  EXPECT_EQ(decode_words("=?utf-8?b?4g==?= =?utf-8?b?gqw=?="), "€");  // a character in two words
  EXPECT_EQ(decode_words("a =?utf-8?q?b?= c"), "a b c");
  EXPECT_EQ(decode_words("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?="), "日本");
  EXPECT_EQ(decode_words("=?no-such?q?x=E9?="), "xé");
  EXPECT_EQ(decode_words("50 =? 50 =?utf-8?x?y?="), "50 =? 50 =?utf-8?x?y?=");
  EXPECT_EQ(decode_words("caf\xe9"), "café");
}

TEST(MailDecode, QuotedPrintableAndBase64) {
  EXPECT_EQ(decode_quoted_printable("a=3Db=\r\nc =\nd=ZZ="), "a=bc d=ZZ");
  EXPECT_EQ(decode_base64("SGVs\nbG8h"), "Hello!");
  EXPECT_EQ(decode_base64("!!"), "");
}

TEST(MailDecode, HtmlAsText) {
  EXPECT_EQ(html_to_text("<style>p{}</style><p>One&nbsp;&amp; "
                         "two<br>three</p><blockquote><p>said</p></blockquote><ul><li>a<li>b</ul>"),
            "One & two\nthree\n\n> said\n\n- a\n- b");
  EXPECT_EQ(html_to_text("<pre><code>if (a &lt; b)\n  x;</code></pre>"), "```\nif (a < b)\n  x;\n```");
  EXPECT_EQ(html_to_text("a < b <!-- x --> c &#x20AC;&bogus; <script>alert(1)</script>"), "a < b c €&bogus;");
}

TEST(MailDate, AsSendersWriteThem) {
  const auto time = [](std::string_view text) { return format_time(parse_date(text).value_or(0)); };
  EXPECT_EQ(time("Mon, 06 Jan 2020 12:00:00 +0100"), "2020-01-06T11:00:00Z");
  EXPECT_EQ(time("6 Jan 99 12:00 EST"), "1999-01-06T17:00:00Z");
  EXPECT_EQ(time("Mon, 6 Jan 2020 12:00:00 -0800 (PST)"), "2020-01-06T20:00:00Z");
  EXPECT_EQ(time("Monday, 06-Jan-20 12:00:00 GMT"), "2020-01-06T12:00:00Z");
  EXPECT_EQ(time("2020-01-06T12:00:00Z"), "2020-01-06T12:00:00Z");
  for (const char* asctime :
       {"Mon Jan  6 12:00:00 2020", "Mon Jan 6 12:00:00 UTC 2020", "Mon Jan 6 14:00:00 +0200 2020",
        "Mon Jan 6 14:00:00 2020 +0200", "2020-01-06 12:00:00 +0000", "2020-01-06T13:00:00+0100"})
    EXPECT_EQ(time(asctime), "2020-01-06T12:00:00Z") << asctime;
  for (const char* wrong : {"", "yesterday", "Feb 31", "Mon Feb 31 10:00:00 2020", "31 Feb 2020 10:00:00 +0000",
                            "6 Jan 2020", "6 Jan 2020 99:00:00"})
    EXPECT_FALSE(parse_date(wrong)) << wrong;
}

TEST(MailDate, WithTheNamesOfZonesThatProgramsWrite) {
  const auto time = [](std::string_view text) { return format_time(parse_date(text).value_or(0)); };
  for (const auto& [written, meant] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"Thu, 10 Jul 1997 14:53:31 EST5EDT", "1997-07-10T18:53:31Z"},
           {"Thu, 9 Jan 1997 14:53:31 EST5EDT", "1997-01-09T19:53:31Z"},
           {"Sun, 5 Apr 1987 01:59:59 EST5EDT", "1987-04-05T06:59:59Z"},
           {"Sun, 5 Apr 1987 03:00:00 EST5EDT", "1987-04-05T07:00:00Z"},
           {"Sun, 11 Mar 2007 03:00:00 PST8PDT", "2007-03-11T10:00:00Z"},
           {"Sun, 4 Nov 2007 02:00:00 PST8PDT", "2007-11-04T10:00:00Z"},
           {"Mon, 3 Jul 2000 10:00:00 MET-1METDST", "2000-07-03T08:00:00Z"},
           {"Mon, 3 Jul 2000 10:00:00 JST-9", "2000-07-03T01:00:00Z"},
           {"Mon, 3 Jul 2000 10:00:00 MET DST", "2000-07-03T08:00:00Z"},
           {"Mon, 3 Jul 2000 10:00:00 CET", "2000-07-03T09:00:00Z"},
           {"Mon, 3 Jul 2000 10:00:00 MESZ", "2000-07-03T08:00:00Z"},
           {"Wed, 24 Jul 2019 03:05:23 Pacific Daylight Time", "2019-07-24T10:05:23Z"},
           {"Thu, 13 Feb 2020 05:36:50 Pacific Standard Time", "2020-02-13T13:36:50Z"},
           {"Thu, 13 Aug 2020 05:36:50 W. Europe Daylight Time", "2020-08-13T03:36:50Z"},
           {"Thu, 1 Oct 2015 14:40:57 +0200 (Mitteleurop\xe4ische Sommerzeit)", "2015-10-01T12:40:57Z"},
           {"Thu, 1 Oct 2015 14:40:57 (GMT)", "2015-10-01T14:40:57Z"},
           {"Thu, 14 Aug 2008 02:07:59 +0200 CEST", "2008-08-14T00:07:59Z"},
           {"Tue, 4 Jul 2000 10:00:00 +01:00", "2000-07-04T09:00:00Z"},
           {"Tue, 4 Jul 2000 10:00:00 GMT+0100", "2000-07-04T09:00:00Z"},
           {"Tue, 4 Jul 2000 10:00:00 GMT+1", "2000-07-04T09:00:00Z"},
           {"Tue, 4 Jul 2000 10:00:00 PM +0000", "2000-07-04T22:00:00Z"},
           {"Tue, 4 Jul 2000 12:10:00 AM +0000", "2000-07-04T00:10:00Z"},
           {"Tue, 4 Jul 2000 10:00:00 XYZ", "2000-07-04T10:00:00Z"},
           {"Tue, 4 Jul 2000 10:00:00 Z", "2000-07-04T10:00:00Z"},
           {"Tue, 4 Jul 2000 10:00:00 \"GMT\"", "2000-07-04T10:00:00Z"}})
    EXPECT_EQ(time(written), meant) << written;
}

TEST(MailAddress, InAllItsForms) {
  const auto check = [](std::string_view text, const std::string& name, const std::string& email) {
    const PersonRecord person = parse_author(text);
    EXPECT_EQ(person.name, name) << text;
    EXPECT_EQ(person.email, email) << text;
  };
  check("Ann Lee <Ann@Example.org>", "Ann Lee", "ann@example.org");
  check("\"Lee, Ann\" <ann@example.org>", "Lee, Ann", "ann@example.org");
  check("ann@example.org (Ann Lee)", "Ann Lee", "ann@example.org");
  check("ann at example.org (Ann Lee)", "Ann Lee", "ann@example.org");
  check("ann@example.org", "", "ann@example.org");
  check("ann@example.org <ann@example.org>", "", "ann@example.org");
  check("=?utf-8?q?J=C3=BCrgen?= <j@x.org>", "Jürgen", "j@x.org");
  check("Ann Lee", "Ann Lee", "");
  check("", "", "");
}

TEST(MailMessage, PartsCharsetsAndAttachments) {
  const Message message = read_message(
      "Message-ID: <1@x.org>\nFrom: Ann <ann@x.org>\nDate: Mon, 6 Jan 2020 12:00:00 +0000\n"
      "Subject: =?utf-8?q?H=C3=A9?=\n llo\nReferences: <a@x>\n <b@x> <a@x> <1@x.org>\nIn-Reply-To: Ann's message of "
      "\"now\" <c@x>\n"
      "List-Id: The list <list.x.org>\nContent-Type: multipart/mixed; boundary=\"B 1\"\n\npreamble\n--B 1\n"
      "Content-Type: multipart/alternative; boundary=C\n\n--C\nContent-Type: text/plain; charset=iso-8859-1\n"
      "Content-Transfer-Encoding: quoted-printable\n\nna=EFve\n--C\nContent-Type: "
      "text/html\n\n<b>naive</b>\n--C--\n--B 1\n"
      "Content-Type: image/png\n\nxxxx\n--B 1\nContent-Type: text/plain\nContent-Disposition: attachment\n\nlog\n--B "
      "1--\n");
  EXPECT_EQ(message.subject, "Hé llo");
  EXPECT_EQ(message.body, "naïve\n");
  EXPECT_EQ(message.attachments, 2);
  EXPECT_EQ(message.list, "list.x.org");
  EXPECT_EQ(message.references, (std::vector<std::string>{"b@x", "a@x", "c@x"}));
}

TEST(MailMessage, HtmlAloneAndListsThatRewriteFrom) {
  const Message message = read_message(
      "From: Ann Lee via dev <dev@lists.org>\nReply-To: ann@x.org\nContent-Type: text/html\n\n<p>Hi <a>there</a></p>");
  EXPECT_EQ(message.body, "Hi there");
  EXPECT_EQ(message.author.name, "Ann Lee");
  EXPECT_EQ(message.author.email, "ann@x.org");
  const Message unknown = read_message("From: Ann Lee via dev <dev@lists.org>\n\nwrote <bob at x.org>:");
  EXPECT_EQ(unknown.author.email, "");
  EXPECT_EQ(unknown.author.name, "Ann Lee");
  EXPECT_EQ(unknown.body, "wrote <e-mail>:");
}

TEST(MailMessage, TheMomentThatGitWritesIsNoReceipt) {
  const auto received = [](const std::string& separator) {
    return read_message("Subject: x\n\ny\n", separator).received;
  };
  const std::string commit = "94cdecf015ff22c942dcddcc86343d772dd24eda";
  EXPECT_FALSE(received("From " + commit + " Mon Sep 17 00:00:00 2001"));
  EXPECT_FALSE(received("From " + commit + "015ff22c942dcddcc86343d7 Mon Sep 17 00:00:00 2001\r"));
  // Any other moment, or sender, is one.
  EXPECT_EQ(format_time(received("From " + commit + " Mon Sep 17 00:00:01 2001").value_or(0)), "2001-09-17T00:00:01Z");
  EXPECT_EQ(format_time(received("From ann@one.example Mon Sep 17 00:00:00 2001").value_or(0)), "2001-09-17T00:00:00Z");
}

TEST(MailMessage, HostileOnes) {
  EXPECT_THROW(read_message("no headers here"), Error);
  EXPECT_NO_THROW(read_message("Subject: " + std::string(5 << 20, 'x') + "\n\n"));
  std::string nested = "Subject: x\n";
  for (int i = 0; i < 500; ++i)
    nested += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\n\n--b" + std::to_string(i) + "\n";
  EXPECT_NO_THROW(read_message(nested));
  std::string many = "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n";
  for (int i = 0; i < 5000; ++i) many += "--b\n\nx\n";
  EXPECT_GT(read_message(many).attachments, 4000);
  std::string references = "References:";
  for (int i = 0; i < 5000; ++i) references += " <" + std::to_string(i) + "@x>\n";
  EXPECT_LE(read_message(references + "\nx").references.size(), 200u);
}

std::vector<std::string> split_all(const std::string& text) {
  std::vector<std::string> mails;
  Splitter splitter([&](std::uint64_t, std::string_view, std::string_view mail, bool) { mails.emplace_back(mail); });
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    splitter.line(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  splitter.finish();
  return mails;
}

TEST(MailSplitter, OnlySeparatorsSeparate) {
  const auto mails = split_all(
      "From a at b.c  Mon Jan  6 12:00:00 2020\nSubject: 1\n\n>From here on\n>>From there\nFrom now on\n\n"
      "From me to you at 12:00 in 2020 nothing\nis a header\n\nFrom b@c Mon Jan  6 12:00:00 2020\r\nSubject: "
      "2\r\n\r\nx\r\n");
  ASSERT_EQ(mails.size(), 2u);
  EXPECT_EQ(mails[0],
            "Subject: 1\n\nFrom here on\n>From there\nFrom now on\n\nFrom me to you at 12:00 in 2020 nothing\nis a "
            "header\n\n");
  EXPECT_EQ(mails[1], "Subject: 2\n\nx\n");
  EXPECT_EQ(split_all("Subject: one mail\n\ntext\n").size(), 1u);
  EXPECT_TRUE(split_all("\n\n").empty());
}

// What stands at a "From " line, by what programs write: mutt, Thunderbird, pipermail, public-inbox, sendmail, qmail.
TEST(MailSplitter, SeparatorsInTheirForms) {
  for (const char* line :
       {"From ann@one.example Thu Aug  9 18:39:17 2012", "From ann at one.example  Thu Aug  9 18:39:17 2012",
        "From ann@one.example Thu Aug  9 18:39:17 +0200 2012", "From ann@one.example Thu Aug  9 18:39:17 2012 +0200",
        "From ann@one.example Thu Aug  9 18:39 CEST 2012", "From root Thu Aug  9 18:39:17 2012",
        "From n\xed\x63@one.example Thu Aug  9 18:39:17 2012",
        "From n\xed\x63 at one.example  Thu Aug  9 18:39:17 2012", "From - Thu Aug 09 18:39:17 2012",
        "From mboxrd@z Thu Jan  1 00:00:00 1970", "From ann@one.example Thu, 9 Aug 2012 18:39:17 +0200",
        "From ann@one.example 9 Aug 2012 18:39:17", "From ann@one.example 2012-08-09 18:39:17",
        "From ann@one.example 2012-08-09T18:39:17Z", "From ann@one.example 09-Aug-2012 18:39:17 +0200",
        "From ann@one.example jeu. ao\xc3\xbbt  9 18:39:17 2012", "From MAILER-DAEMON Thu Aug  9 18:39:17 2012",
        "From one!two!ann Thu Aug  9 18:39:17 2012 remote from one"})
    EXPECT_EQ(separator_of(line), Separator::whole) << line;
  for (const char* line :
       {"From ", "From -", "From ann@one.example", "From ann at one.example", "From Ann <ann@one.example>"})
    EXPECT_EQ(separator_of(line), Separator::bare) << line;
  for (const char* line : {"From the log of Thu Aug  9 18:39:17 2012", "From Thu Aug  9 18:39:17 2012 on"})
    EXPECT_EQ(separator_of(line), Separator::dated) << line;
  for (const char* line : {"From what I read it starts at once.", "From memory: at 10:15 on 3 May 2012 it did",
                           "From the manual, 12:30 2012.", "From: ann@one.example", "Fromage",
                           "From me at 10:15 on Monday, see 2012", "From here at last. At 18:39 in 2012"})
    EXPECT_EQ(separator_of(line), Separator::text) << line;
  EXPECT_EQ(format_time(read_message("Subject: x\n\ny\n", "From a@b.c 2012-08-09 18:39:17").received.value_or(0)),
            "2012-08-09T18:39:17Z");
}

TEST(MailSplitter, TheLessTheLineSaysTheMoreMustFollow) {
  const std::string head = "From: a <a@b.c>\nDate: Mon, 13 Aug 2012 10:00:00 +0000\nSubject: s\n\n";
  EXPECT_EQ(split_all("From \n" + head + "one\n\nFrom \n" + head + "two\n").size(), 2u);
  EXPECT_EQ(split_all("From - \n" + head + "one\n\nFrom -\n" + head + "two\n").size(), 2u);
  // A word with a colon is no header of a mail.
  EXPECT_EQ(split_all("From \n" + head + "one\n\nFrom \nNote: still one\n\nFrom now\nNB: x\n").size(), 1u);
  EXPECT_EQ(split_all("From \n" + head + "one\n\nFrom the log, Thu Aug  9 18:39:17 2012\nNote: still one\n").size(),
            1u);
  // Archives that lose the empty line before it.
  const auto lost = split_all("From a@b.c Thu Aug  9 18:39:17 2012\n" + head +
                              "one\nFrom b@c.d Thu Aug  9 18:39:17 2012\n" + head + "two\n");
  ASSERT_EQ(lost.size(), 2u);
  EXPECT_EQ(lost[0], head + "one\n");
  EXPECT_EQ(
      split_all("From a@b.c Thu Aug  9 18:39:17 2012\n" + head + "one\nFrom b@c.d Thu Aug  9 18:39:17 2012\nis when.\n")
          .size(),
      1u);
  // One mail in a file of its own quotes nothing.
  EXPECT_EQ(split_all(head + "one\n\nFrom b@c.d Thu Aug  9 18:39:17 2012\nOdd: still one\n").size(), 1u);
  EXPECT_EQ(split_all(head + "one\n\nFrom b@c.d Thu Aug  9 18:39:17 2012\n" + head + "two\n").size(), 2u);
  EXPECT_EQ(split_all("\xEF\xBB\xBF"
                      "From a@b.c Thu Aug  9 18:39:17 2012\n" +
                      head + "one\n")
                .size(),
            1u);
  // Every line is in some mail: what was held back to look at comes out again.
  const auto whole = split_all("From \n" + head + "one\n\nFrom b@c.d\nX-Odd: 1\n folded\nno header\n\nFrom c@d.e\n");
  ASSERT_EQ(whole.size(), 1u);
  EXPECT_EQ(whole[0], head + "one\n\nFrom b@c.d\nX-Odd: 1\n folded\nno header\n\nFrom c@d.e\n");
}

Node node(const std::string& id, const std::vector<std::string>& references, Timestamp at,
          const std::string& subject = "x") {
  return {id, references, subject, "list", at};
}

TEST(MailThreading, ReferencesMissingMailsAndLoops) {
  const auto threads = thread_messages({node("b", {"a"}, 2), node("a", {}, 1), node("c", {"gone", "b"}, 3, "other"),
                                        node("d", {"lost"}, 4, "d"), node("e", {"lost"}, 5, "e"),
                                        node("l1", {"l2"}, 6, "l"), node("l2", {"l1"}, 7, "l")});
  ASSERT_EQ(threads.size(), 3u);
  EXPECT_EQ(threads[0].messages, (std::vector<std::size_t>{1, 0, 2}));
  EXPECT_EQ(threads[0].root, "a");
  EXPECT_EQ(threads[1].root, "lost");
  EXPECT_EQ(threads[1].messages.size(), 2u);
  EXPECT_EQ(threads[2].messages.size(), 2u);
}

TEST(MailThreading, SubjectOnlyForRepliesWithoutReferences) {
  const auto threads = thread_messages({node("a", {}, 0, "[dev] Build?"),
                                        node("b", {}, kDay, "Re: [dev] Build?"),
                                        node("c", {}, 2 * kDay, "Build?"),
                                        node("d", {}, 90 * kDay, "Re: Build?"),
                                        {"e", {}, "Re: Build?", "other", kDay}});
  ASSERT_EQ(threads.size(), 4u);
  EXPECT_EQ(threads[0].messages.size(), 2u);
}

// Whatever the references: every mail in exactly one thread, and the order of files does not matter.
TEST(MailThreading, OrderDoesNotMatter) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<Node> nodes;
    const auto name = [&] { return std::string(1, static_cast<char>('a' + random() % 12)); };
    for (char id = 'a'; id < 'k'; ++id) {
      std::vector<std::string> references;
      for (std::uint64_t i = random() % 4; i > 0; --i)
        if (const std::string each = name(); each != std::string(1, id)) references.push_back(each);
      nodes.push_back(
          node(std::string(1, id), references, static_cast<Timestamp>(random() % 5), random() % 2 ? "Re: s" : "s"));
    }
    const auto shape = [](const std::vector<Node>& list) {
      std::vector<std::vector<std::string>> result;
      std::size_t total = 0;
      for (const auto& thread : thread_messages(list)) {
        result.emplace_back();
        for (const auto index : thread.messages) result.back().push_back(list[index].id), ++total;
      }
      EXPECT_EQ(total, list.size());
      return result;
    };
    const auto first = shape(nodes);
    std::shuffle(nodes.begin(), nodes.end(), random);
    EXPECT_EQ(first, shape(nodes)) << round;
  }
}

}  // namespace

}  // namespace resident::mail
