// Bugs by mail: what debbugs and Launchpad write into their mails, rule by rule. All mails here are made up.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <base/error.hpp>
#include <map>
#include <sources/mail/bugs/debbugs_log.hpp>
#include <sources/mail/bugs/launchpad_log.hpp>

namespace resident::mail {
namespace {

std::string numbers(const BugCommand& command) {
  std::string text = fmt::format("{} {}", command.name, command.bug);
  for (const auto other : command.others) text += fmt::format(" #{}", other);
  for (const auto& value : command.values) text += fmt::format(" [{}]", value);
  return text;
}

std::string command(const std::string& line) {
  const auto parsed = parse_command(line);
  return parsed ? numbers(*parsed) : "none";
}

TEST(DebbugsCommands, AreReadAsTheSystemReadsThem) {
  EXPECT_EQ(command("severity #12 Minor"), "severity 12 [minor]");
  EXPECT_EQ(command("priority 12 grave"), "severity 12 [grave]");
  EXPECT_EQ(command("severity 12 urgent"), "none");
  EXPECT_EQ(command("tag 12 patch"), "tags 12 [+patch]");
  EXPECT_EQ(command("tags 12 + patch - moreinfo, help"), "tags 12 [+patch] [-moreinfo] [-help]");
  EXPECT_EQ(command("tags 12 = wontfix"), "tags 12 [=] [+wontfix]");
  EXPECT_EQ(command("tags 12 -moreinfo"), "tags 12 [-moreinfo]");
  EXPECT_EQ(command("merge 12 #13 14"), "merge 12 #13 #14");
  EXPECT_EQ(command("forcemerge 12 13"), "forcemerge 12 #13");
  EXPECT_EQ(command("merge 12"), "none");
  EXPECT_EQ(command("block 12 by 13, 14"), "block 12 #13 #14");
  EXPECT_EQ(command("unblock 12 with 13"), "unblock 12 #13");
  EXPECT_EQ(command("block 12 13"), "none");
  EXPECT_EQ(command("found 12"), "found 12");
  EXPECT_EQ(command("found 12 pump/1.2-1, pump/1.3-1"), "found 12 [pump/1.2-1] [pump/1.3-1]");
  EXPECT_EQ(command("fixed 12"), "none");
  EXPECT_EQ(command("reassign 12 Source:Pump 1.2-1"), "reassign 12 [src:pump] [1.2-1]");
  EXPECT_EQ(command("reassign 12 pump,valve"), "reassign 12 [pump, valve]");
  EXPECT_EQ(command("close 12 1.3-1"), "close 12 [1.3-1]");
  EXPECT_EQ(command("close 12 please"), "none");
  EXPECT_EQ(command("retitle -1 pump: leaks"), "retitle -1 [pump: leaks]");
  EXPECT_EQ(command("clone 12 -2 -3"), "clone 12 #-2 #-3");
  EXPECT_EQ(command("12 severity minor"), "none");
  EXPECT_EQ(command("I close 12"), "none");
  for (const char* line : {"thanks", "Thank you", "stop", "quit..", "--", "thank"})
    EXPECT_TRUE(ends_commands(line)) << line;
  for (const char* line : {"thanks for all", "# stop", "stopped"}) EXPECT_FALSE(ends_commands(line)) << line;
}

TEST(DebbugsCommands, VersionsStandInTheOrderOfDpkg) {
  const std::vector<std::string> rising{"0.9~rc1-1", "0.9-1",      "0.9-1+b1", "0.10-1", "1.0~",
                                        "1.0",       "1.0-1~bpo1", "1.0-1",    "1.0a-1", "1:0.1-1"};
  for (std::size_t i = 0; i < rising.size(); ++i)
    for (std::size_t j = 0; j < rising.size(); ++j) {
      const int found = compare_versions(rising[i], rising[j]);
      EXPECT_EQ(found < 0, i < j) << rising[i] << " " << rising[j];
      EXPECT_EQ(found > 0, i > j) << rising[i] << " " << rising[j];
    }
}

// A mail as it lies in a bug's own mbox.
std::string came(const std::string& address, int day, const std::string& who, const std::string& subject,
                 const std::string& body, const std::string& more = "") {
  static int count = 0;
  return fmt::format(
      "Received: (at {}) by bugs.debian.org; {} Mar 2024 10:00:00 +0000\nReceived: from a by b; {} Mar 2024 09:59:00 "
      "+0000\nFrom: {} <{}@example.org>\n"
      "Date: {:02} Mar 2024 09:00:00 +0000\nMessage-ID: <m{}@host>\nSubject: {}\n{}\n{}\n",
      address, day, day, who, who.substr(0, who.find(' ')), day, ++count, subject, more, body);
}

struct Played {
  std::map<std::int64_t, ItemRecord> bugs;
  std::string coverage;

  std::string labels(std::int64_t bug) {
    std::vector<std::string> list = bugs.at(bug).labels;
    std::sort(list.begin(), list.end());
    std::string text;
    for (const auto& each : list) text += (text.empty() ? "" : ", ") + each;
    return text;
  }
  std::string state(std::int64_t bug) const {
    const ItemRecord& item = bugs.at(bug);
    return item.state + (item.state_reason.empty() ? "" : " " + item.state_reason);
  }
  std::string events(std::int64_t bug, const std::string& kind) const {
    std::string text;
    for (const auto& event : bugs.at(bug).events)
      if (event.kind == kind)
        text += fmt::format("{}{} {}{}", text.empty() ? "" : "; ", format_date(event.occurred_at.value_or(0)).substr(8),
                            event.actor.name,
                            event.detail.empty() && event.label.empty() ? "" : " " + event.detail + event.label);
    return text;
  }
};

Played debbugs(const std::vector<std::string>& mails, std::int64_t file_bug = 12) {
  DebbugsLog log;
  for (const auto& text : mails) log.take(read_debbugs_mail(text, ""), file_bug);
  Played played;
  for (auto& bug : log.bugs()) played.bugs[bug.number] = bug;
  played.coverage = log.coverage();
  return played;
}

const std::string kReport =
    "Package: Pump\nVersion: 1.2-1\nSeverity: important\nTags: patch, upstream\nUser: crew@example.org\nUsertags: "
    "leak\n\nIt drips.\n";

TEST(Debbugs, AReportIsReadWithItsPseudoHeaders) {
  Played played = debbugs({came("submit", 1, "Ann Arden", "pump: drips", kReport)});
  const ItemRecord& bug = played.bugs.at(12);
  EXPECT_EQ(bug.title, "pump: drips");
  EXPECT_EQ(bug.body, "It drips.");
  EXPECT_EQ(bug.author.name, "Ann Arden");
  EXPECT_EQ(format_time(bug.created_at), "2024-03-01T10:00:00Z") << "when it came in, not when it was sent";
  EXPECT_EQ(bug.url, "https://bugs.debian.org/12");
  EXPECT_EQ(played.labels(12), "found in: 1.2-1, package: pump, patch, severity: important, upstream, usertag: leak");
  EXPECT_EQ(played.state(12), "open");
  // Without a severity it is normal; a source is a package of its own kind; what is signed is read inside.
  played = debbugs({came("submit", 1, "Ann Arden", "x",
                         "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSource: pump\nSource-Version: "
                         "1:2-1\n\nWords.\n-----BEGIN PGP SIGNATURE-----\nabc\n")});
  EXPECT_EQ(played.labels(12), "found in: 1:2-1, package: src:pump, severity: normal");
  EXPECT_EQ(played.bugs.at(12).body, "Words.");
}

TEST(Debbugs, AMailToDoneCloses) {
  Played played =
      debbugs({came("submit", 1, "Ann Arden", "pump: drips", kReport),
               came("control", 2, "Bob Berg", "tags", "tags 12 + pending\nthanks\ntags 12 + wontfix\n"),
               came("12-done", 3, "Bob Berg", "Re: Bug#12: pump: drips", "Version: 1.3-1\n\nIt is tight now.\n")});
  EXPECT_EQ(played.state(12), "closed done");
  EXPECT_EQ(played.events(12, "closed"), "03 Bob Berg");
  EXPECT_EQ(played.labels(12),
            "fixed in: 1.3-1, found in: 1.2-1, package: pump, patch, severity: important, upstream, usertag: leak")
      << "pending goes, and nothing below thanks counts";
  ASSERT_EQ(played.bugs.at(12).comments.size(), 1U);
  EXPECT_EQ(played.bugs.at(12).comments[0].body, "It is tight now.");
}

TEST(Debbugs, AnUploadClosesInTheNameOfWhoChangedIt) {
  const Played played =
      debbugs({came("submit", 1, "Ann Arden", "pump: drips", kReport),
               came("12-close", 3, "Archive Robot", "Bug#12: fixed in pump 1.3-1",
                    "Source: pump\nSource-Version: 1.3-1\n\nFormat: 1.8\nChanged-By: Cy Cole <cy@example.org>\n")});
  EXPECT_EQ(played.events(12, "closed"), "03 Cy Cole");
}

TEST(Debbugs, FoundAgainReopensAtOrAboveWhatIsFixed) {
  const std::string report = came("submit", 1, "Ann Arden", "pump: drips", kReport),
                    done = came("12-done", 3, "Bob Berg", "x", "Version: 1.10-1\n\nDone.\n");
  EXPECT_EQ(debbugs({report, done, came("control", 4, "Cy Cole", "x", "found 12 1.9-1\n")}).state(12), "closed done");
  Played played = debbugs({report, done, came("control", 4, "Cy Cole", "x", "found 12 pump/1.10-2\n")});
  EXPECT_EQ(played.state(12), "open");
  EXPECT_EQ(played.events(12, "reopened"), "04 Cy Cole");
  played = debbugs({report, done, came("control", 4, "Cy Cole", "x", "reopen 12\n")});
  EXPECT_EQ(played.state(12), "open");
  EXPECT_EQ(played.labels(12).find("fixed in"), std::string::npos) << "what is open again is fixed nowhere";
  EXPECT_EQ(
      debbugs({report, done, came("control", 4, "Cy Cole", "x", "notfixed 12 1.10-1\nfixed 12 1.11-1\n")}).labels(12),
      "fixed in: 1.11-1, found in: 1.2-1, package: pump, patch, severity: important, upstream, usertag: leak");
}

TEST(Debbugs, ControlChangesWhatItNames) {
  Played played = debbugs({came("submit", 1, "Ann Arden", "pump: drips", kReport),
                           came("control", 2, "Bob Berg", "several",
                                "# a remark\nseverity 12 grave\nretitle 12 pump: leaks at the valve\ntags 12 = help\n"
                                "reassign 12 valve 0.5-1\nforwarded 12 https://tracker.example.org/issues/7\nowner 12 "
                                "!\naffects 12 + src:tank\nusertags 12 - leak\nblock 12 by 40\nthanks\n")});
  const ItemRecord& bug = played.bugs.at(12);
  EXPECT_EQ(bug.title, "pump: leaks at the valve");
  EXPECT_EQ(played.labels(12), "affects: src:tank, forwarded, found in: 0.5-1, help, package: valve, severity: grave");
  EXPECT_EQ(bug.assignees.at(0).name, "Bob Berg");
  EXPECT_EQ(played.events(12, "renamed"), "02 Bob Berg pump: drips → pump: leaks at the valve");
  EXPECT_EQ(played.events(12, "relation_added"),
            "02 Bob Berg forwarded to https://tracker.example.org/issues/7; 02 Bob Berg depends on #40");
  EXPECT_NE(played.events(12, "unlabeled").find("02 Bob Berg severity: important"), std::string::npos);
  EXPECT_TRUE(bug.comments.empty()) << "what goes to control alone is no comment";
}

TEST(Debbugs, PseudoHeadersOfAnAnswerCallTheirBugMinusOne) {
  const Played played =
      debbugs({came("submit", 1, "Ann Arden", "pump: drips", kReport),
               came("12", 2, "Bob Berg", "Re: Bug#12: pump: drips",
                    "Control: tags -1 + moreinfo\nControl: severity -1 minor\n\nWhich pump is it?\n")});
  Played copy = played;
  EXPECT_EQ(copy.labels(12),
            "found in: 1.2-1, moreinfo, package: pump, patch, severity: minor, upstream, usertag: leak");
  EXPECT_EQ(played.bugs.at(12).comments.at(0).body, "Which pump is it?");
}

std::vector<std::string> two_bugs(const std::string& commands, const std::string& severity = "important") {
  return {
      came("submit", 1, "Ann Arden", "pump: drips", kReport),
      "X-Debian-PR-Message: report 14\n" + came("submit", 2, "Dee Dorn", "Bug#14: pump: it is wet",
                                                "Package: pump\nSeverity: " + severity + "\nTags: security\n\nWet.\n"),
      came("control", 3, "Bob Berg", "x", commands)};
}

TEST(Debbugs, MergedBugsAreOneAndItsDuplicates) {
  Played played = debbugs(two_bugs("merge 14 12\n"));
  EXPECT_EQ(played.state(12), "open");
  EXPECT_EQ(played.state(14), "closed duplicate") << "of bugs that are alike the oldest counts";
  EXPECT_EQ(played.events(14, "marked_as_duplicate"), "03 Bob Berg #12");
  EXPECT_NE(played.labels(12).find("security"), std::string::npos) << "tags of one are those of all";
  played = debbugs(two_bugs("merge 12 14\n", "minor"));
  EXPECT_EQ(played.state(14), "open") << "of another severity: refused without force";
  played = debbugs(two_bugs("forcemerge 14 12\n", "minor"));
  EXPECT_EQ(played.state(12), "closed duplicate") << "by force the first counts";
  played = debbugs(two_bugs("merge 12 14\nclose 14\n"));
  EXPECT_EQ(played.state(12), "closed done") << "they stand and fall together";
  played = debbugs(two_bugs("merge 12 14\nseverity 14 minor\nunmerge 14\n"));
  EXPECT_EQ(played.state(14), "open");
  EXPECT_EQ(played.events(14, "unmarked_as_duplicate"), "03 Bob Berg #12");
  EXPECT_NE(played.labels(12).find("severity: minor"), std::string::npos);
}

std::string transcript(int day, const std::string& to, const std::string& answers, const std::string& text) {
  return fmt::format(
      "X-Loop: owner@bugs.debian.org\nFrom: \"Debian Bug Tracking System\" <owner@bugs.debian.org>\nTo: {} "
      "<x@example.org>\nDate: {:02} Mar 2024 10:00:00 +0000\n"
      "Message-ID: <handler.{}.transcript@bugs.debian.org>\nReferences: <{}>\nX-Debian-PR-Message: "
      "transcript\nSubject: Processed: x\n\nProcessing commands for control@bugs.debian.org:\n\n{}"
      "> thanks\nStopping processing here.\n\n-- \n12: https://bugs.debian.org/12\n",
      to, day, answers, answers, text);
}

TEST(Debbugs, TheSystemsAnswerSaysWhatBecameOfCommands) {
  const std::string report = came("submit", 1, "Ann Arden", "pump: drips", kReport);
  Played played = debbugs(
      {report,
       transcript(2, "Bob Berg", "c1@host",
                  "> severity 12 minor\nBug #12 [pump] pump: drips\nSeverity set to 'minor' from 'important'\n"
                  "> tags 12 + nonsense\nUnknown tag/s: nonsense.\n> merge 12 13\nBug #12 [pump] pump: drips\nUnable "
                  "to merge bugs because:\nFailed to merge 12: Did not alter merged bugs.\n"
                  "> clone 12 -2\nBug #12 [pump] pump: drips\nBug 12 cloned as bug 20\n> retitle -2 valve: drips\n")});
  EXPECT_EQ(played.labels(12), "found in: 1.2-1, package: pump, patch, severity: minor, upstream, usertag: leak");
  EXPECT_EQ(played.bugs.at(20).title, "valve: drips");
  EXPECT_EQ(played.events(20, "relation_added"), "02 Bob Berg copied from #12");
  EXPECT_EQ(played.bugs.at(20).author.name, "Ann Arden");
  EXPECT_EQ(format_date(played.bugs.at(20).created_at), "2024-03-02");
  // The mail and its answer are one.
  std::string asked = came("control", 2, "Bob Berg", "x", "severity 12 minor\ntags 12 + fixed-elsewhere\n");
  asked.replace(asked.find("<m"), asked.find("@host>") - asked.find("<m"), "<c2");
  played = debbugs({report, asked,
                    transcript(2, "Bob Berg", "c2@host",
                               "> severity 12 minor\nSeverity set to 'minor' from 'important'\n> tags 12 + "
                               "fixed-elsewhere\nUnknown tag/s: fixed-elsewhere.\n")});
  EXPECT_EQ(played.labels(12).find("fixed-elsewhere"), std::string::npos);
  EXPECT_EQ(played.events(12, "labeled"), "02 Bob Berg severity: minor");
}

TEST(Debbugs, WhatAListWasToldIsRead) {
  const std::string closed =
      "X-Loop: owner@bugs.debian.org\nFrom: \"Debian Bug Tracking System\" <owner@bugs.debian.org>\nTo: Cy Cole "
      "<cy@example.org>\nDate: 05 Mar 2024 10:00:00 +0000\nMessage-ID: <h@bugs.debian.org>\n"
      "X-Debian-PR-Message: closed 12\nSubject: Bug#12: marked as done (pump: drips)\n\nYour message dated Mon, 4 Mar "
      "2024 22:20:01 +0100\nwith message-id <z@host>\nand subject line Bug#12: fixed in pump 1.3-1\nhas caused the "
      "Debian Bug report #12,\nregarding pump: drips\nto be marked as done.\n";
  std::string ack = closed;
  ack.replace(ack.find("closed 12"), 9, "ack 12");
  Played played = debbugs(
      {"X-Debian-PR-Message: report 12\n" + came("submit", 1, "Ann Arden", "Bug#12: pump: drips", kReport), closed}, 0);
  EXPECT_EQ(played.bugs.at(12).title, "pump: drips");
  EXPECT_EQ(played.events(12, "closed"), "04 Cy Cole") << "by whom it was told to have been closed, when that was sent";
  EXPECT_NE(played.labels(12).find("fixed in: 1.3-1"), std::string::npos);
  played = debbugs(
      {"X-GNU-PR-Message: report 12\n" + came("submit", 1, "Ann Arden", "bug#12: pump: drips", kReport), ack}, 0);
  EXPECT_EQ(played.state(12), "open") << "an acknowledgement closes nothing";
  EXPECT_TRUE(played.bugs.at(12).comments.empty());
}

TEST(Debbugs, WhatTellsOfAClosingCarriesTheReportAndTheMailThatClosed) {
  const std::string told =
      "X-Loop: owner@bugs.debian.org\nFrom: \"Debian Bug Tracking System\" <owner@bugs.debian.org>\nTo: Cy Cole "
      "<cy@example.org>\nDate: 05 Mar 2024 10:00:00 +0000\nMessage-ID: <h@bugs.debian.org>\nX-Debian-PR-Message: "
      "closed "
      "12\nSubject: Bug#12: marked as done (pump: drips)\nContent-Type: multipart/mixed; boundary=\"b\"\n\n--b\n"
      "Content-Type: text/plain\n\nYour message dated Mon, 4 Mar 2024 22:20:01 +0100\n--b\nContent-Type: "
      "message/rfc822\n\n" +
      came("submit", 1, "Ann Arden", "pump: drips", kReport) + "\n--b\nContent-Type: message/rfc822\n\n" +
      came("12-done", 4, "Cy Cole", "Re: pump: drips", "Version: 1.3-1\n\nTight.\n") + "\n--b--\n";
  DebbugsLog log;
  for (auto& mail : read_debbugs_mails(told, "")) log.take(std::move(mail), 0);
  const auto bugs = log.bugs();
  ASSERT_EQ(bugs.size(), 1U);
  EXPECT_EQ(bugs[0].author.name, "Ann Arden");
  EXPECT_EQ(format_date(bugs[0].created_at), "2024-03-01");
  EXPECT_EQ(bugs[0].comments.at(0).body, "Tight.");
  EXPECT_EQ(log.coverage(), "");
}

TEST(Debbugs, WhatTheArchiveLacksIsTold) {
  const Played played =
      debbugs({came("submit", 1, "Ann Arden", "pump: drips", kReport),
               "X-Debian-PR-Message: followup 77\nX-Debian-PR-Package: Tank\nX-Debian-PR-Keywords: patch\n" +
                   came("77", 2, "Bob Berg", "Bug#77: tank: rusts", "Words.\n"),
               came("control", 2, "Bob Berg", "x", "severity 78 minor\n")});
  Played copy = played;
  EXPECT_EQ(copy.labels(77), "package: tank, patch");
  EXPECT_EQ(copy.bugs.at(77).title, "tank: rusts");
  EXPECT_FALSE(copy.bugs.at(77).author.known()) << "who reported it nobody told";
  EXPECT_EQ(played.bugs.size(), 2U);
  EXPECT_EQ(played.coverage,
            "of 1 bug the report is not in the archive: it is known from the first mail on, as nobody's; commands "
            "speak of 1 other bug of which the archive has no mail");
}

// A notification of Launchpad's.
std::string notice(int bug, int day, const std::string& who, const std::string& tasks, const std::string& subject,
                   const std::string& body, const std::string& more = "") {
  static int count = 0;
  std::string headers;
  for (std::size_t at = 0, end; at < tasks.size(); at = end + 1) {
    end = std::min(tasks.find('\n', at), tasks.size());
    headers += "X-Launchpad-Bug: " + tasks.substr(at, end - at) + "\n";
  }
  const std::string login = who.substr(0, who.find(' '));
  return fmt::format(
      "Date: {:02} Mar 2024 10:00:00 -0000\nFrom: {} <{}@bugs.launchpad.net>\n{}X-Launchpad-Bug-Reporter: Ann Arden "
      "(ann-a)\nX-Launchpad-Bug-Modifier: {} ({})\n"
      "X-Launchpad-Bug-Private: no\n{}References: <170920000000.1.2.malonedeb@host>\nMessage-Id: "
      "<n{}.malone@host>\nSubject: [Bug {}] {}\nReply-To: Bug {} <{}@bugs.launchpad.net>\n\n{}\n\n-- \n"
      "You received this bug notification because you are subscribed to the bug "
      "report.\nhttps://bugs.launchpad.net/bugs/{}\n\nTitle:\n  pump drips\n  at night\n\nStatus in Pump:\n  "
      "New\n\nBug description:\n  It drips.\n\n  Always.\n\nTo manage notifications about this bug go "
      "to:\nhttps://bugs.launchpad.net/pump/+bug/{}/+subscriptions\n",
      day, who, bug, headers, who, login, more, ++count, bug, subject, bug, bug, body, bug, bug);
}

Played launchpad(const std::vector<std::string>& mails) {
  LaunchpadLog log;
  for (const auto& text : mails)
    if (auto mail = read_launchpad_mail(text, "")) log.take(std::move(*mail));
  Played played;
  for (auto& bug : log.bugs()) played.bugs[bug.number] = bug;
  played.coverage = log.coverage();
  return played;
}

std::string task(const std::string& status, const std::string& importance = "Undecided") {
  return "product=pump; status=" + status + "; importance=" + importance + "; assignee=None;";
}

const std::string kNew =
    "Public bug reported:\n\nIt drips.\n\nAlways.\n\n** Affects: pump\n     Importance: Undecided\n         Status: "
    "New\n\n** Tags: wet";

TEST(Launchpad, ABugIsReadFromItsFirstMail) {
  Played played = launchpad(
      {notice(30, 1, "Ann Arden", task("New"), "[NEW] pump drips at night", kNew, "X-Launchpad-Bug-Tags: wet\n")});
  const ItemRecord& bug = played.bugs.at(30);
  EXPECT_EQ(bug.title, "pump drips at night");
  EXPECT_EQ(bug.body, "It drips.\n\nAlways.");
  EXPECT_EQ(bug.author.login, "ann-a");
  EXPECT_EQ(bug.author.email, "") << "the sender's address is the bug's";
  EXPECT_EQ(played.labels(30), "importance: Undecided, status: New, wet");
  EXPECT_EQ(played.state(30), "open");
  EXPECT_EQ(bug.url, "https://bugs.launchpad.net/bugs/30");
  EXPECT_TRUE(bug.comments.empty());
}

TEST(Launchpad, WhatChangedIsReadWithWhoDidIt) {
  Played played = launchpad(
      {notice(30, 1, "Ann Arden", task("New"), "[NEW] pump drips at night", kNew, "X-Launchpad-Bug-Tags: wet\n"),
       notice(30, 2, "Bob Berg", "product=pump; status=Triaged; importance=High; assignee=bob@example.org;",
              "Re: pump drips at night",
              "I see it, too.\n\n** Changed in: pump\n       Status: New => Triaged\n\n** Changed in: pump\n   "
              "Importance: Undecided => High\n\n** Changed in: pump\n     Assignee: (unassigned) => Bob Berg "
              "(bob)\n\n** Changed in: pump\n    Milestone: None => 1.3\n\n** Tags added: night\n** Tags removed: wet",
              "X-Launchpad-Bug-Tags: night\n"),
       notice(30, 3, "Bob Berg", "product=pump; status=Fix Released; importance=High; assignee=bob@example.org;",
              "Re: pump drips at night", "** Changed in: pump\n       Status: Triaged => Fix Released",
              "X-Launchpad-Bug-Tags: night\n")});
  const ItemRecord& bug = played.bugs.at(30);
  EXPECT_EQ(played.state(30), "closed fix released");
  EXPECT_EQ(played.labels(30), "importance: High, night, status: Fix Released");
  EXPECT_EQ(bug.assignees.at(0).login, "bob");
  EXPECT_EQ(bug.milestone, "1.3");
  EXPECT_EQ(played.events(30, "closed"), "03 Bob Berg");
  EXPECT_NE(played.events(30, "labeled").find("02 Bob Berg status: Triaged"), std::string::npos)
      << played.events(30, "labeled");
  EXPECT_NE(played.events(30, "unlabeled").find("02 Bob Berg wet"), std::string::npos)
      << played.events(30, "unlabeled");
  ASSERT_EQ(bug.comments.size(), 1U);
  EXPECT_EQ(bug.comments[0].body, "I see it, too.");
}

TEST(Launchpad, WhatNoMailToldIsConcludedFromTheHeaders) {
  // The archive begins late, and lacks a mail.
  Played played = launchpad({notice(30, 4, "Bob Berg", task("Confirmed"), "Re: pump drips at night",
                                    "So do I.\n\n** Changed in: pump\n       Status: New => Confirmed"),
                             notice(30, 6, "Cy Cole", task("In Progress", "Low"), "Re: pump drips at night", "Soon.")});
  const ItemRecord& bug = played.bugs.at(30);
  EXPECT_EQ(bug.title, "pump drips at night") << "of the footer, whose lines are one";
  EXPECT_EQ(bug.body, "It drips.\n\nAlways.");
  EXPECT_EQ(bug.author.login, "ann-a");
  EXPECT_EQ(format_date(bug.created_at), "2024-02-29") << "by the number of the first notification";
  EXPECT_EQ(played.labels(30), "importance: Low, status: In Progress");
  EXPECT_NE(played.events(30, "labeled").find("04 Bob Berg status: Confirmed"), std::string::npos);
  EXPECT_NE(played.events(30, "labeled").find("06  status: In Progress"), std::string::npos)
      << "nobody told who did it: " << played.events(30, "labeled");
  EXPECT_EQ(played.coverage, "");
}

TEST(Launchpad, DuplicatesAreClosedAndPointToTheirOriginal) {
  Played played =
      launchpad({notice(30, 1, "Ann Arden", task("New"), "[NEW] pump drips at night", kNew),
                 notice(30, 2, "Bob Berg", task("New"), "Re: pump drips at night",
                        "*** This bug is a duplicate of bug 29 ***\n    https://bugs.launchpad.net/bugs/29\n\nThe "
                        "same.\n\n** This bug has been marked a duplicate of bug 29\n   pump leaks",
                        "X-Launchpad-Bug-Duplicate: 29\n")});
  EXPECT_EQ(played.state(30), "closed duplicate");
  EXPECT_EQ(played.events(30, "marked_as_duplicate"), "02 Bob Berg #29");
  EXPECT_EQ(played.bugs.at(30).comments.at(0).body, "The same.");
  played = launchpad(
      {notice(30, 1, "Ann Arden", task("New"), "[NEW] pump drips at night", kNew, "X-Launchpad-Bug-Duplicate: 29\n"),
       notice(30, 2, "Bob Berg", task("New"), "Re: pump drips at night",
              "** This bug is no longer a duplicate of bug 29\n   pump leaks")});
  EXPECT_EQ(played.state(30), "open");
}

TEST(Launchpad, OfSeveralProjectsTheArchivesOwnDecides) {
  const std::string both =
      "product=pump; status=Fix Released; importance=Low; assignee=None;\ndistribution=ubuntu; sourcepackage=pump; "
      "component=main; status=New; importance=Undecided; assignee=None;";
  Played played = launchpad({notice(30, 1, "Ann Arden", both, "Re: pump drips at night", "Words."),
                             notice(31, 1, "Ann Arden", task("New"), "Re: another", "Words.")});
  EXPECT_EQ(played.state(30), "closed fix released");
  EXPECT_EQ(
      played.labels(30),
      "importance in pump (ubuntu): Undecided, importance: Low, status in pump (ubuntu): New, status: Fix Released");
  // No project has more than half of the bugs: it is open as long as it is in any.
  played = launchpad(
      {notice(30, 1, "Ann Arden", both, "Re: pump drips at night", "Words."),
       notice(31, 1, "Ann Arden", "product=tank; status=New; importance=Low; assignee=None;", "Re: another", "Words."),
       notice(32, 1, "Ann Arden", "product=tank; status=New; importance=Low; assignee=None;", "Re: a third", "Words."),
       notice(33, 1, "Ann Arden", "product=valve; status=New; importance=Low; assignee=None;", "Re: more", "Words.")});
  EXPECT_EQ(played.state(30), "open");
}

TEST(Launchpad, OtherMailsAreNone) {
  EXPECT_FALSE(
      read_launchpad_mail("From: a@example.org\nDate: 1 Mar 2024 10:00:00 +0000\nSubject: Re: [Bug 30] pump drips\nTo: "
                          "30@bugs.launchpad.net\n\nWords.\n",
                          ""));
  EXPECT_THROW(read_launchpad_mail("From: a@example.org\nX-Launchpad-Bug: product=pump; status=New;\nDate: 1 Mar 2024 "
                                   "10:00:00 +0000\nSubject: pump drips\n\nWords.\n",
                                   ""),
               Error);
}

}  // namespace
}  // namespace resident::mail
