#include <gtest/gtest.h>

#include <base/error.hpp>
#include <sources/chat/chat_archive.hpp>
#include <sources/chat/conversations.hpp>
#include <sources/chat/formats.hpp>
#include <sources/chat/irc.hpp>
#include <sources/chat/zulip.hpp>

namespace resident::chat {
namespace {

using Groups = std::vector<std::vector<std::size_t>>;

Message said(const std::string& author, Timestamp at, const std::string& text) {
  Message message;
  message.id = std::to_string(at);
  message.author = author;
  message.at = at;
  message.text = text;
  return message;
}

Groups groups_of(const Channel& channel) {
  Groups groups;
  for (const Conversation& each : find_conversations(channel)) groups.push_back(each.messages);
  return groups;
}

Channel irc(std::vector<Message> messages) {
  Channel channel;
  channel.name = "demo";
  channel.has_nicks = true;
  channel.messages = std::move(messages);
  return channel;
}

TEST(ChatConversations, WhoIsNamedIsAnswered) {
  EXPECT_EQ(groups_of(irc({said("ann", 0, "how do I build it?"), said("bob", 10, "is the site down?"),
                           said("cat", 20, "ann: with ninja"), said("dan", 30, "bob, not for me"),
                           said("ann", 40, "that works"), said("bob", 50, "ok here too")})),
            (Groups{{0, 2, 4}, {1, 3, 5}}));
}

TEST(ChatConversations, AQuestionBeginsAnotherAndARemarkDoesNotWhereItIsQuiet) {
  EXPECT_EQ(groups_of(irc({said("ann", 0, "it fails"), said("bob", 60, "with which compiler"),
                           said("cat", 120, "where are the docs?")})),
            (Groups{{0, 1}, {2}}));
}

TEST(ChatConversations, TimeEndsThem) {
  EXPECT_EQ(groups_of(irc({said("ann", 0, "it fails"), said("bob", kQuietWithin + 1, "morning")})), (Groups{{0}, {1}}));
  EXPECT_EQ(groups_of(irc({said("ann", 0, "it fails"), said("ann", kOwnWithin, "always"),
                           said("bob", kOwnWithin + 1, "who broke it?"), said("ann", 3 * kOwnWithin, "not me")})),
            (Groups{{0, 1}, {2}, {3}}));
}

TEST(ChatConversations, WordsOfEveryDayAreNoNicks) {
  EXPECT_EQ(groups_of(irc({said("test", 0, "hello?"), said("ann", 10, "hi?"), said("bob", 20, "does the test pass?")})),
            (Groups{{0}, {1}, {2}}));
}

TEST(ChatConversations, WhatTheChatSaysGoesBeforeRules) {
  Channel channel;
  channel.messages = {said("a", 0, "one?"), said("b", 1, "two?"), said("c", 2, "yes"), said("d", 3, "no")};
  channel.messages[2].reply_to = "0";
  channel.messages[3].thread = "1";
  EXPECT_EQ(groups_of(channel), (Groups{{0, 2}, {1, 3}}));
  for (Message& message : channel.messages) message.topic = message.author < "c" ? "Build" : "build";
  channel.messages[3].thread.clear();
  EXPECT_EQ(groups_of(channel), (Groups{{0, 1, 2, 3}}));
}

TEST(ChatThreads, WhatOneWritesWithoutABreakIsOnePost) {
  Chat chat;
  chat.provider = chat.key = "irc";
  chat.channels["demo"] = irc({said("ann", 0, "hello all"), said("ann", 20, "how do I build it?"),
                               said("bob", 60, "ann: with ninja"), said("ann", 70, "thanks")});
  const auto threads = threads_of(chat, "demo");
  ASSERT_EQ(threads.size(), 1U);
  EXPECT_EQ(threads[0].title, "how do I build it?");
  EXPECT_EQ(threads[0].key, "irc/demo/0");
  EXPECT_EQ(threads[0].channel, "#demo");
  EXPECT_EQ(threads[0].closed_at, 70 + kOverAfter);
  ASSERT_EQ(threads[0].posts.size(), 3U);
  EXPECT_EQ(threads[0].posts[0].body, "hello all\nhow do I build it?");
  EXPECT_EQ(threads[0].posts[1].reply_to, "0");
}

TEST(ChatThreads, BotsWriteNone) {
  Chat chat;
  chat.key = "slack";
  chat.people["robot"].account_type = "Bot";
  chat.channels["c"].messages = {said("robot", 0, "build failed"), said("ann", 10, "again?")};
  chat.channels["c"].messages[1].thread = "0";
  const auto threads = threads_of(chat, "c");
  ASSERT_EQ(threads.size(), 1U);
  EXPECT_EQ(threads[0].posts.size(), 1U);
  EXPECT_EQ(threads[0].author.login, "ann");
}

Chat read(const std::unique_ptr<ExportReader>& reader, const std::vector<std::pair<std::string, std::string>>& files) {
  for (const auto& [path, text] : files) {
    json::Parser parser;
    EXPECT_TRUE(reader->take(path, json::parse(parser, text))) << path;
  }
  return reader->finish();
}

const std::vector<std::pair<std::string, std::string>> kSlack{
    {"x/general/2024-01-02.json",
     R"([{"type":"message","user":"U1","text":"<@U2> see <https:\/\/a.example|this> &amp; <#C1>","ts":"1704200000.000100","thread_ts":"1704200000.000100"},
         {"type":"message","subtype":"channel_join","user":"U1","text":"joined","ts":"1704200001.000100"},
         {"type":"message","subtype":"bot_message","bot_id":"B1","text":"ping","ts":"1704200002.000100"},
         {"type":"message","subtype":"thread_broadcast","user":"U2","text":"yes","ts":"1704200003.000100","thread_ts":"1704200000.000100","edited":{"user":"U2","ts":"1704200009.000000"}},
         {"type":"message","subtype":"file_share","user":"U9","text":"","bot_id":null,"ts":"1704200004.000100","files":[{"name":"a.txt","url_private":"https://files.slack.com/a.txt?t=xoxe-1"}],"user_profile":{"name":"gone","real_name":"Gone Away"}}])"},
    {"x/secret/2024-01-02.json", R"([{"type":"message","user":"U1","text":"hush","ts":"1704200000.000200"}])"},
    {"x/D01/2024-01-02.json", R"([{"type":"message","user":"U1","text":"psst","ts":"1704200000.000300"}])"},
    {"x/users.json",
     R"([{"id":"U1","team_id":"T1","name":"ann","real_name":"Ann A","profile":{"email":"ann@example.org","display_name":""}},
         {"id":"U2","team_id":"T1","name":"bob","profile":{"real_name":"Bob B","display_name":"bobby"}}])"},
    {"x/channels.json", R"([{"id":"C1","name":"general"}])"},
    {"x/groups.json", R"([{"id":"G1","name":"secret"}])"},
    {"x/dms.json", R"([{"id":"D01","members":["U1","U2"]}])"}};

TEST(ChatFormats, Slack) {
  const Chat chat = read(slack_reader({}), kSlack);
  EXPECT_EQ(chat.key, "slack:T1");
  ASSERT_EQ(chat.channels.size(), 1U);
  const auto& messages = chat.channels.at("C1").messages;
  ASSERT_EQ(messages.size(), 3U);
  EXPECT_EQ(messages[0].text, "@bobby see this (https://a.example) & #general");
  EXPECT_EQ(messages[0].mentions, std::vector<std::string>{"U2"});
  EXPECT_EQ(messages[0].thread, "");
  EXPECT_EQ(messages[1].thread, "1704200000.000100");
  EXPECT_EQ(messages[1].edited_at, 1704200009);
  EXPECT_EQ(messages[2].text, "[file: a.txt]");
  EXPECT_EQ(chat.people.at("U1").email, "ann@example.org");
  EXPECT_EQ(chat.private_channels, 1);
  EXPECT_EQ(chat.private_messages, 1);
  EXPECT_EQ(chat.direct_messages, 1);
  EXPECT_EQ(chat.notices, 1);
  EXPECT_EQ(chat.bot_messages, 1);
}

TEST(ChatFormats, ARecordThatCannotBeReadHidesNoOther) {
  const auto reader = slack_reader({});
  json::Parser parser;
  const auto bad = [&](const std::string& path, const std::string& text) {
    EXPECT_TRUE(reader->take(path, json::parse(parser, text))) << path;
    std::vector<std::string> places;
    for (const auto& each : reader->bad_records()) places.push_back(each.where);
    return places;
  };
  using Places = std::vector<std::string>;
  EXPECT_EQ(bad("x/general/2024-01-02.json",
                R"([{"type":"message","user":"U1","text":"a","ts":"abc"},{"type":"message","user":"U1","text":"b"},
                    {"type":"message","user":"U2","text":"c","ts":"1704200000.000100"},17])"),
            (Places{"message 1", "message 2", "message 4"}));
  EXPECT_EQ(bad("x/users.json", R"([{"name":"ann"},{"id":"U2","name":"bob","is_bot":true}])"), (Places{"user 1"}));
  EXPECT_EQ(bad("x/channels.json", R"([{"id":"C1","name":"general"}])"), Places());
  const Chat chat = reader->finish();
  ASSERT_EQ(chat.channels.at("C1").messages.size(), 1U);
  EXPECT_EQ(chat.people.at("U2").account_type, "Bot") << "behind one that cannot be read";
}

TEST(ChatFormats, SlackPrivateChannelsThatAreAskedFor) {
  const Chat chat = read(slack_reader({{"secret"}}), kSlack);
  EXPECT_EQ(chat.channels.size(), 2U);
  EXPECT_EQ(chat.private_channels, 0);
}

TEST(ChatFormats, DiscordThreadsBeginAtTheirMessage) {
  const std::string author =
      R"("author":{"id":"7","name":"ann","discriminator":"0000","nickname":"Ann","isBot":false})";
  const Chat chat = read(
      discord_reader({}),
      {{"general.json",
        R"({"guild":{"id":"1","name":"S"},"channel":{"id":"10","type":"GuildTextChat","name":"general"},"messages":[
        {"id":"100","type":"Default","timestamp":"2024-01-01T10:00:00+02:00","timestampEdited":null,"content":"why?",)" +
            author + R"(},
        {"id":"101","type":"ThreadCreated","timestamp":"2024-01-01T10:00:01+02:00","content":"x",)" +
            author + R"(,"reference":{"messageId":null,"channelId":"100"}},
        {"id":"102","type":"Reply","timestamp":"2024-01-01T10:00:02+02:00","content":"so",)" +
            author + R"(,"reference":{"messageId":"99"}}]})"},
       {"thread.json",
        R"({"guild":{"id":"1","name":"S"},"channel":{"id":"100","type":"GuildPublicThread","category":"general","name":"Why"},"messages":[
        {"id":"103","type":"Default","timestamp":"2024-01-01T10:05:00+02:00","content":"because",)" +
            author + R"(}]})"},
       {"dm.json",
        R"({"guild":{"id":"0","name":"Direct Messages"},"channel":{"id":"20","type":"DirectTextChat","name":"bob"},"messages":[{"id":"1"}]})"},
       {"hidden.json",
        R"({"guild":{"id":"1","name":"S"},"channel":{"id":"30","type":"GuildPrivateThread","name":"h"},"messages":[{"id":"1"},{"id":"2"}]})"}});
  ASSERT_EQ(chat.channels.size(), 2U);
  EXPECT_EQ(chat.channels.at("10").messages.size(), 1U);
  EXPECT_EQ(chat.channels.at("10").messages[0].reply_to, "99");
  const auto threads = threads_of(chat, "100");
  ASSERT_EQ(threads.size(), 1U);
  EXPECT_EQ(threads[0].title, "Why");
  EXPECT_EQ(threads[0].channel, "#general");
  EXPECT_EQ(threads[0].created_at, 1704096000);
  EXPECT_EQ(threads[0].posts[0].body, "why?\nbecause");
  EXPECT_EQ(threads[0].url, "https://discord.com/channels/1/100/100");
  EXPECT_EQ(chat.people.at("7").account_id, 7);
  EXPECT_EQ(chat.direct_messages, 1);
  EXPECT_EQ(chat.private_messages, 2);
  EXPECT_EQ(chat.notices, 1);
}

std::string matrix_event(const std::string& id, const std::string& sender, int second, const std::string& content,
                         const std::string& more = "") {
  return R"({"type":"m.room.message","room_id":"!r:x.example","event_id":")" + id + R"(","sender":")" + sender +
         R"(","origin_server_ts":)" + std::to_string(1704096000 + second) + R"(000,"content":)" + content + more + "}";
}

const std::string kPublicRoom =
    R"({"type":"m.room.join_rules","room_id":"!r:x.example","event_id":"$0","state_key":"","sender":"@a:x","origin_server_ts":1704096000000,"content":{"join_rule":"public"}})";

TEST(ChatFormats, MatrixEditsRepliesAndRedactions) {
  const std::string a = "@ann:x.example", b = "@bob:x.example";
  const Chat chat = read(
      matrix_reader({}),
      {{"room.json",
        R"({"room_name":"Demo","topic":"","exported_by":"Ann","messages":[)" +
            matrix_event("$1", a, 0, R"({"msgtype":"m.text","body":"How doo I?"})") + "," +
            matrix_event(
                "$2", a, 5,
                R"({"msgtype":"m.text","body":"* How do I?","m.new_content":{"msgtype":"m.text","body":"How do I?"},"m.relates_to":{"rel_type":"m.replace","event_id":"$1"}})") +
            "," +
            matrix_event(
                "$3", b, 9,
                R"({"msgtype":"m.text","body":"* I know","m.new_content":{"body":"mine"},"m.relates_to":{"rel_type":"m.replace","event_id":"$1"}})") +
            "," +
            matrix_event(
                "$4", b, 10,
                R"({"msgtype":"m.text","body":"> <@ann:x.example> How doo I?\n\nSo","m.relates_to":{"m.in_reply_to":{"event_id":"$1"}}})") +
            "," + matrix_event("$5", b, 11, R"({"msgtype":"m.text","body":"gone"})") + "," +
            matrix_event("$6", b, 12, R"({})", R"(,"unsigned":{"redacted_because":{}})") + "," +
            matrix_event("$7", b, 13, R"({"msgtype":"m.notice","body":"beep"})") + "," + kPublicRoom + "," +
            R"({"type":"m.room.redaction","room_id":"!r:x.example","event_id":"$8","sender":"@b:x","origin_server_ts":1704096020000,"redacts":"$5","content":{}},)" +
            R"({"type":"m.room.member","room_id":"!r:x.example","event_id":"$9","state_key":"@ann:x.example","sender":"@ann:x.example","origin_server_ts":1704096021000,"content":{"membership":"join","displayname":"Ann"}},)" +
            R"({"type":"m.room.encrypted","room_id":"!r:x.example","event_id":"$10","sender":"@b:x","origin_server_ts":1704096022000,"content":{"ciphertext":"x"}}]})"}});
  ASSERT_EQ(chat.channels.size(), 1U) << chat.private_channels;
  const auto& messages = chat.channels.at("!r:x.example").messages;
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].text, "How do I?");
  EXPECT_EQ(messages[0].edited_at, 1704096005);
  EXPECT_EQ(messages[1].text, "So");
  EXPECT_EQ(messages[1].reply_to, "$1");
  EXPECT_EQ(chat.people.at(a).name, "Ann");
  EXPECT_EQ(chat.unreadable, 1);
  EXPECT_EQ(chat.bot_messages, 1);
}

TEST(ChatFormats, MatrixRoomsBehindADoorAreLeftOut) {
  const Chat chat = read(
      matrix_reader({}),
      {{"room.json",
        R"([{"type":"m.room.join_rules","room_id":"!r:x.example","event_id":"$0","state_key":"","sender":"@a:x","origin_server_ts":1704096000000,"content":{"join_rule":"invite"}},)" +
            matrix_event("$1", "@a:x", 0, R"({"msgtype":"m.text","body":"hush"})") + "]"}});
  EXPECT_TRUE(chat.channels.empty());
  EXPECT_EQ(chat.private_messages, 1);
  EXPECT_EQ(chat.unknown_channels, 0);
}

TEST(ChatFormats, MatrixRoomsOfWhichNobodySaysWhoMayEnter) {
  const std::vector<std::pair<std::string, std::string>> part{
      {"room.json", R"({"room_name":"Core","messages":[)" +
                        matrix_event("$1", "@a:x", 0, R"({"msgtype":"m.text","body":"hush"})") + "]}"}};
  const Chat chat = read(matrix_reader({}), part);
  EXPECT_TRUE(chat.channels.empty());
  EXPECT_EQ(chat.private_channels, 1);
  EXPECT_EQ(chat.unknown_channels, 1);
  EXPECT_EQ(read(matrix_reader({{"Core"}}), part).channels.size(), 1U);
}

TEST(ChatFormats, AccountsOfOneNameStayApart) {
  const Chat chat = read(slack_reader({}),
                         {{"x/general/2024-01-02.json",
                           R"([{"type":"message","user":"U1","text":"a","ts":"1704200000.000100"},
            {"type":"message","user":"W9","text":"b","ts":"1704200001.000100","user_profile":{"name":"john","real_name":"John of Beta"}}])"},
                          {"x/users.json", R"([{"id":"U1","team_id":"T1","name":"john","real_name":"John of Alpha"}])"},
                          {"x/channels.json", R"([{"id":"C1","name":"general"}])"}});
  EXPECT_EQ(chat.people.at("U1").login, chat.people.at("W9").login);
  EXPECT_NE(chat.people.at("U1").account_key, chat.people.at("W9").account_key);
}

TEST(ChatFormats, ATimeThatCannotBeIsNamed) {
  try {
    whole_seconds(1e300, "message.ts");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("message.ts: 1e+300"), std::string::npos) << error.what();
    EXPECT_FALSE(error.hint().empty());
  }
  EXPECT_EQ(seconds_of("1704200000.000100", "message.ts"), 1704200000);
  for (const char* text : {"abc", "", "12x", " 1"}) EXPECT_THROW(seconds_of(text, "message.ts"), Error) << text;
}

const std::string kRealm =
    R"({"zerver_realm":[{"id":1,"string_id":"demo"}],
        "zerver_userprofile":[{"id":11,"email":"user11@zulip.example.org","delivery_email":"ann@example.org","full_name":"Ann","is_bot":false},
                              {"id":12,"email":"bob@example.org","full_name":"Bob","is_bot":false}],
        "zerver_userprofile_mirrordummy":[],"zerver_userprofile_crossrealm":[{"id":3,"email":"notification-bot@zulip.com"}],
        "zerver_stream":[{"id":5,"name":"help","invite_only":false},{"id":6,"name":"core","invite_only":true}],
        "zerver_recipient":[{"id":50,"type":2,"type_id":5},{"id":60,"type":2,"type_id":6},{"id":70,"type":1,"type_id":11}]})";

std::string zulip_message(int id, int sender, int recipient, const std::string& topic, double at,
                          const std::string& more = "") {
  return R"({"id":)" + std::to_string(id) + R"(,"sender":)" + std::to_string(sender) + R"(,"recipient":)" +
         std::to_string(recipient) + R"(,"subject":")" + topic + R"(","content":"text )" + std::to_string(id) +
         R"(","date_sent":)" + std::to_string(at) + more + "}";
}

TEST(ChatFormats, ZulipTopicsThatAreResolved) {
  const Chat chat =
      read(zulip_reader({}),
           {{"e/messages-000001.json",
             R"({"zerver_message":[)" + zulip_message(1, 11, 50, "✔ build", 1704096000.25) + "," +
                 zulip_message(2, 12, 50, "✔ Build", 1704096100.5, R"(,"last_edit_time":1704096200.0)") + "," +
                 zulip_message(3, 3, 50, "✔ build", 1704096300) + "," + zulip_message(4, 11, 50, "open", 1704096400) +
                 "," + zulip_message(5, 11, 60, "x", 1704096500) + "," + zulip_message(6, 11, 70, "", 1704096600) +
                 R"(],"zerver_usermessage":[]})"},
            {"e/realm.json", kRealm}});
  EXPECT_EQ(chat.key, "zulip:demo");
  ASSERT_EQ(chat.channels.size(), 1U);
  const auto threads = threads_of(chat, "5");
  ASSERT_EQ(threads.size(), 2U);
  EXPECT_EQ(threads[0].title, "build");
  EXPECT_EQ(threads[0].posts.size(), 2U);
  EXPECT_EQ(threads[0].closed_at, 1704096300);
  EXPECT_EQ(threads[0].key, "zulip:demo/5/1");
  EXPECT_EQ(threads[1].closed_at, 1704096400 + kOverAfter);
  EXPECT_EQ(chat.people.at("11").email, "ann@example.org");
  EXPECT_EQ(chat.private_messages, 1);
  EXPECT_EQ(chat.direct_messages, 1);
}

TEST(ChatFormats, ZulipTopicWithoutAName) {
  Chat chat = read(zulip_reader({}),
                   {{"e/messages-000001.json", R"({"zerver_message":[)" + zulip_message(1, 11, 50, "", 1704096000) +
                                                   "," + zulip_message(2, 12, 50, "", 1709096000) + "]}"},
                    {"e/realm.json", kRealm}});
  chat.channels.at("5").url = "https://z.example/#narrow/channel/5-x/topic/{topic}/with/{message}";
  const auto threads = threads_of(chat, "5");
  ASSERT_EQ(threads.size(), 1U);
  EXPECT_EQ(threads[0].title, "(no topic)");
  EXPECT_EQ(threads[0].posts.size(), 2U);
  EXPECT_EQ(threads[0].url, "https://z.example/#narrow/channel/5-x/topic//with/1");
}

TEST(ChatFormats, ZulipWithoutItsRealmSaysSo) {
  const auto reader = zulip_reader({});
  json::Parser parser;
  EXPECT_TRUE(reader->take("messages-000001.json", json::parse(parser, R"({"zerver_message":[]})")));
  EXPECT_THROW(reader->finish(), Error);
}

TEST(ChatFormats, ZulipMarks) {
  EXPECT_EQ(zulip_text("@**Ann A|12** and @_**Bob**, see #**help>build it** x"),
            "@Ann A and @Bob, see #help>build it x");
  EXPECT_EQ(zulip_key("Rust-Lang.zulipchat.com"), "zulip:rust-lang");
  EXPECT_EQ(zulip_key("rust-lang"), "zulip:rust-lang");
}

struct LineCase {
  const char *text, *nick, *said;
  Timestamp at;
};

class IrcForms : public testing::TestWithParam<LineCase> {};

TEST_P(IrcForms, AreRead) {
  const LineCase& one = GetParam();
  LogName name;
  name.day = 1704067200;  // 2024-01-01
  ASSERT_TRUE(looks_like_irc(one.text));
  const IrcLog log = read_irc(one.text, name, zone_of(""));
  if (!*one.nick) {
    EXPECT_TRUE(log.messages.empty());
    return;
  }
  ASSERT_EQ(log.messages.size(), 1U) << one.text;
  EXPECT_EQ(log.messages[0].author, one.nick);
  EXPECT_EQ(log.messages[0].text, one.said);
  EXPECT_EQ(log.messages[0].at, one.at);
}

constexpr Timestamp kTen = 1704067200 + 10 * kHour;
INSTANTIATE_TEST_SUITE_P(
    All, IrcForms,
    testing::Values(LineCase{"[10:00:00] <Nick> hello", "nick", "hello", kTen},  // ZNC, energymech
                    LineCase{"[10:00:00] * Nick waves", "nick", "waves", kTen},
                    LineCase{"[10:00:00] *** Joins: nick (a@b)", "", "", 0},
                    LineCase{"[10:00:00] *** nick sets mode: +o x", "", "", 0},
                    LineCase{"[10:00:00] -nick- psst", "", "", 0},
                    LineCase{"[10:00] <nick> <b> hi", "nick", "<b> hi", kTen},  // irclogs.ubuntu.com
                    LineCase{"=== nick [~n@host] has joined #demo", "", "", 0},
                    LineCase{"10:00 <@nick> hello", "nick", "hello", kTen},  // irssi
                    LineCase{"10:00 < nick> hello", "nick", "hello", kTen},
                    LineCase{"10:00  * nick waves", "nick", "waves", kTen},
                    LineCase{"10:00 -!- nick [n@host] has joined #demo", "", "", 0},
                    LineCase{"2024-01-01 10:00:00\t@nick\thello", "nick", "hello", kTen},  // WeeChat
                    LineCase{"2024-01-01 10:00:00\t *\tnick waves", "nick", "waves", kTen},
                    LineCase{"2024-01-01 10:00:00\t-->\tnick (n@host) has joined #demo", "", "", 0},
                    LineCase{"[2024-01-01T10:00:00.000Z] <nick> hello", "nick", "hello", kTen},  // The Lounge
                    LineCase{"[2024-01-01 12:00:00+02:00] <nick> hello", "nick", "hello", kTen},
                    LineCase{"Jan 01 10:00:00 <nick>\thello", "nick", "hello", kTen},  // HexChat
                    LineCase{"Jan 01 10:00:00 *\tnick waves", "nick", "waves", kTen},
                    LineCase{"Jan 01 10:00:00 *\tnick (~n@host) has joined", "", "", 0},
                    LineCase{"[10:00:00] <\x03"
                             "04,01nick\x03> \x02"
                             "bold\x02 \x03"
                             "12,3blue",
                             "nick", "bold blue", kTen}));

TEST(ChatIrc, DaysComeFromLinesAndMidnight) {
  const IrcLog irssi = read_irc(
      "--- Log opened Tue Dec 24 23:50:00 2013\n23:59 <a> one\n--- Day changed Wed Dec 25 2013\n00:01 <a> two\n", {},
      zone_of(""));
  ASSERT_EQ(irssi.messages.size(), 2U);
  EXPECT_EQ(irssi.messages[1].at - irssi.messages[0].at, 2 * kMinute);
  const IrcLog znc = read_irc("[23:59:00] <a> one\n[00:01:00] <a> two\n[00:00:30] <a> late\n",
                              log_name("#demo_20131224.log"), zone_of(""));
  ASSERT_EQ(znc.messages.size(), 3U);
  EXPECT_EQ(znc.messages[1].at - znc.messages[0].at, 2 * kMinute);
  EXPECT_EQ(znc.messages[2].at - znc.messages[1].at, -30);  // a clock that was set, not another midnight
  EXPECT_EQ(read_irc("[10:00] <a> b\n", {}, zone_of("")).problem, "neither its lines nor its name tell the day");
}

// HexChat names month and day in each line, and the year only where logging begins.
TEST(ChatIrc, LinesThatNameMonthAndDay) {
  const auto days = [](const std::string& begin, const LogName& name = {}) {
    std::vector<std::string> result;
    const IrcLog log = read_irc(begin, name, zone_of(""));
    EXPECT_EQ(log.problem, "");
    for (const Message& message : log.messages) result.push_back(format_time(message.at));
    return result;
  };
  using Days = std::vector<std::string>;
  EXPECT_EQ(
      days("**** BEGIN LOGGING AT Fri Jan  5 10:00:00 2018\n\nJan 05 10:00:05 <a>\tone\nJan 09 23:30:00 <a>\ttwo\n"
           "Jan 12 23:45:00 <a>\tthree\nDec 31 23:59:00 <a>\tfour\nJan 01 00:01:00 <a>\tfive\n"),
      (Days{"2018-01-05T10:00:05Z", "2018-01-09T23:30:00Z", "2018-01-12T23:45:00Z", "2018-12-31T23:59:00Z",
            "2019-01-01T00:01:00Z"}));
  EXPECT_EQ(
      days("**** BEGIN LOGGING AT Thu Feb  1 00:00:01 2018\n\nFeb 01 00:00:02 <a>\tone\nJan 31 23:59:59 <a>\ttwo\n"),
      (Days{"2018-02-01T00:00:02Z", "2018-01-31T23:59:59Z"}))
      << "a clock that was set back";
  EXPECT_EQ(days("Jan 05 10:00:05 <a>\tone\n", log_name("2018-01-12.log")), Days{"2018-01-05T10:00:05Z"});
  EXPECT_EQ(days("Dec 31 10:00:05 <a>\tone\n", log_name("2018-01-01.log")), Days{"2017-12-31T10:00:05Z"});
  EXPECT_EQ(days("Feb 29 10:00:05 <a>\tone\n", log_name("2023-12-01.log")), Days{"2024-02-29T10:00:05Z"});
}

TEST(ChatIrc, TheSameLineAgainIsTheSameMessage) {
  const LogName name = log_name("2024-01-01.log");
  const IrcLog one = read_irc("[10:00] <a> x\n[10:00] <a> x\n", name, zone_of(""));
  const IrcLog other = read_irc("[10:00] <a> x\n", name, zone_of(""));
  EXPECT_NE(one.messages[0].id, one.messages[1].id);
  EXPECT_EQ(one.messages[0].id, other.messages[0].id);
}

TEST(ChatIrc, NamesOfLogs) {
  EXPECT_EQ(log_name("libera/#Rust/2024-01-31.log").channel, "rust");
  EXPECT_EQ(log_name("libera/#Rust/2024-01-31.log").day, 1706659200);
  EXPECT_EQ(log_name("#rust_20240131.log").channel, "rust");
  EXPECT_EQ(log_name("#rust_20240131.log").day, 1706659200);
  EXPECT_EQ(log_name("irc.libera.#rust-dev.weechatlog").channel, "rust-dev");
  EXPECT_EQ(log_name("2024/01/31/#ubuntu.txt").channel, "ubuntu");
  EXPECT_EQ(log_name("2024/01/31/#ubuntu.txt").day, 1706659200);
  EXPECT_EQ(log_name("logs/demo.log").channel, "demo");
  EXPECT_FALSE(log_name("logs/demo.log").has_sign);
  EXPECT_TRUE(log_name("irc.server.libera.weechatlog").is_status);
  EXPECT_TRUE(log_name("core.weechat.weechatlog").is_status);
}

TEST(ChatIrc, TimeZones) {
  EXPECT_EQ(zone_of("Europe/Berlin")(1704103200), 1704103200 - kHour);
  EXPECT_EQ(zone_of("Europe/Berlin")(1719828000), 1719828000 - 2 * kHour);
  EXPECT_EQ(zone_of("-05:30")(0), 5 * kHour + 30 * kMinute);
  EXPECT_THROW(zone_of("Europe/Nowhere"), Error);
}

TEST(ChatIrc, OtherTextIsNoLog) {
  EXPECT_FALSE(looks_like_irc("# A readme\n\nSome words.\n"));
  EXPECT_FALSE(looks_like_irc(""));
  const std::string line = "[10:00:00] <ann> hello\n";
  EXPECT_TRUE(looks_like_irc("[10:00:00] <bob> " + std::string(20'000, 'x') + "\n" + line + line))
      << "one long line hides no log";
  EXPECT_FALSE(looks_like_irc(std::string(20'000, 'x') + "\n"));
}

}  // namespace
}  // namespace resident::chat
