#include <gtest/gtest.h>

#include <algorithm>
#include <base/error.hpp>
#include <sources/trac/trac_feed.hpp>

namespace resident::trac {
namespace {

const trackers::Problem kNone = [](const std::string&, const std::string&) {};

TEST(Trac, MomentsOfFeeds) {
  EXPECT_EQ(parse_http_date("Tue, 02 Jan 2024 09:00:00 GMT"), parse_time("2024-01-02T09:00:00Z"));
  EXPECT_EQ(parse_http_date("2 Jan 2024 09:00 +0000"), parse_time("2024-01-02T09:00:00Z"));
  EXPECT_FALSE(parse_http_date("Tue, 31 Feb 2024 09:00:00 GMT"));
  EXPECT_FALSE(parse_http_date("Tue, 02 Jan 2024 09:00:00 +0200"));
  EXPECT_FALSE(parse_http_date(""));
}

TEST(Trac, AListIsNotTakenForWholeWhereItBreaksOff) {
  EXPECT_EQ(query_rows("\xEF\xBB\xBFid,Summary\r\n1,\"a, b\nc\"\r\n7,x\r\n").entries.size(), 2u);
  EXPECT_EQ(query_rows("\xEF\xBB\xBF\r\n").rows(), 0u);  // beyond the last page
  EXPECT_THROW(query_rows(""), Error);
  EXPECT_THROW(query_rows("\xEF\xBB\xBFid,Summary\r\n1,\"a"), Error);
  EXPECT_THROW(query_rows("<html>\n</html>\n"), Error);
  const auto page = query_rows("id,Summary\r\nx,y\r\n");
  EXPECT_EQ(page.broken.size(), 1u);
}

TracTicket told(const std::string& items) {
  TracTicket ticket = ticket_fields(
      "\xEF\xBB\xBFid,summary,status,owner,reporter,has_patch,stage,resolution\r\n5,s,closed,bob,eve,1,Accepted,"
      "fixed\r\n");
  ticket.created = 1000;
  ticket_history("<rss xmlns:dc=\"d\"><channel>" + items + "</channel></rss>", ticket, kNone);
  return ticket;
}

std::string entry(const std::string& day, const std::string& html) {
  return "<item><dc:creator>ann</dc:creator><pubDate>Tue, " + day +
         " Jan 2024 09:00:00 GMT</pubDate><guid>http://x/ticket/5#comment:3</guid><description>" + html +
         "</description></item>";
}

// The forms of Trac 1.6, and those of 1.0 ("changed from <em>…").
TEST(Trac, ChangesByTheirForms) {
  const auto ticket = told(
      entry(
          "02",
          "&lt;ul&gt;&lt;li&gt;&lt;strong&gt;status&lt;/strong&gt; &lt;span "
          "class=\"trac-field-old\"&gt;new&lt;/span&gt; "
          "→ &lt;span "
          "class=\"trac-field-new\"&gt;closed&lt;/span&gt;&lt;/li&gt;&lt;li&gt;&lt;strong&gt;has_patch&lt;/strong&gt; "
          "gesetzt&lt;/li&gt;&lt;/ul&gt;&lt;p&gt;words&lt;/p&gt;") +
      entry("03",
            "&lt;ul&gt;&lt;li&gt;&lt;strong&gt;owner&lt;/strong&gt; changed from &lt;em&gt;ann&lt;/em&gt; to "
            "&lt;em&gt;bob&lt;/em&gt;&lt;/li&gt;&lt;li&gt;&lt;strong&gt;resolution&lt;/strong&gt; set to "
            "&lt;em&gt;fixed&lt;/em&gt;&lt;/li&gt;&lt;/ul&gt;") +
      entry("04", "&lt;ul&gt;&lt;li&gt;no change, a list of the comment's own&lt;/li&gt;&lt;/ul&gt;"));
  ASSERT_EQ(ticket.changes.size(), 4u);
  EXPECT_EQ(ticket.changes[0].before + ">" + ticket.changes[0].after, "new>closed");
  EXPECT_EQ(ticket.changes[1].before + ">" + ticket.changes[1].after, "0>1");  // in whatever language
  EXPECT_EQ(ticket.changes[2].before + ">" + ticket.changes[2].after, "ann>bob");
  EXPECT_EQ(ticket.changes[3].before + ">" + ticket.changes[3].after, ">fixed");
  ASSERT_EQ(ticket.comments.size(), 2u);
  EXPECT_EQ(ticket.comments[0].text, "words");
  EXPECT_NE(ticket.comments[1].text.find("a list of the comment's own"), std::string::npos);
  const ItemRecord record = item(ticket, "trac:x", "http://x", {});
  EXPECT_EQ(record.state, "closed");
  EXPECT_EQ(record.url, "http://x/ticket/5");
  EXPECT_NE(std::find(record.labels.begin(), record.labels.end(), "has patch"), record.labels.end());
}

TEST(Trac, WhoWroteIsALoginANameOrAnAddress) {
  const TracAccounts accounts{{"ann", {"Ann Arden", "ann@example.org"}}};
  EXPECT_FALSE(person("anonymous", "trac:x", {}).known());
  EXPECT_FALSE(person("< default >", "trac:x", {}).known());
  EXPECT_EQ(person("ann", "trac:x", accounts).email, "ann@example.org");
  EXPECT_EQ(person("bob", "trac:x", accounts).login, "bob");
  const auto full = person("Eve Ek <eve@example.org>", "trac:x", {});
  EXPECT_EQ(full.email, "eve@example.org");
  EXPECT_EQ(full.name, "Eve Ek");
  EXPECT_TRUE(full.login.empty());
  const auto cut = person("Eve Ek <eve@…>", "trac:x", {});  // nobody checked it: no account, and no evidence
  EXPECT_EQ(cut.provider, "trac:x/named");
  EXPECT_EQ(cut.login, "Eve Ek");
  EXPECT_TRUE(cut.email.empty());
}

TEST(Trac, CommitsThatWereAnnounced) {
  TracTicket ticket;
  ticket.number = 5;
  const std::string sha(40, 'a');
  ticket.changes.push_back({7, "bob", "status", "new", "closed"});
  ticket.comments.push_back({1, 7, "bob", "In [changeset:\"" + sha + "\" aaaa]:\n{{{\nFixed #5\n}}}"});
  ticket.comments.push_back({2, 9, "bob", "as said In [changeset:\"" + std::string(40, 'b') + "\" bbbb]"});
  const auto found = commits(ticket);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].sha, sha);
  EXPECT_EQ(found[0].relation, "fixes");
}

}  // namespace
}  // namespace resident::trac
