// Who is who: what joins, what does not, who is a bot, and that people do not depend on
// the order in which things came.
#include <base/mailmap.hpp>
#include <config/bots.hpp>
#include <store/noreply.hpp>

#include "tests/store/people_fixture.hpp"

namespace resident {
namespace {

TEST(BotNames, ArePrograms) {
  for (const char* name : {"dependabot[bot]",
                           "DrahtBot",
                           "release-bot",
                           "Weblate (bot)",
                           "Miss Islington (bot)",
                           "web-flow",
                           "github-actions",
                           "merge-script",
                           "k8s-ci-robot",
                           "kernel test robot",
                           "Travis CI",
                           "project_12_bot_6ab51f",
                           "group_7_bot",
                           "service_account_1f",
                           "pytorchmergebot",
                           "buildbot",
                           "NPMBot",
                           "AnomieBot III",
                           "bot-2",
                           "sdk-release-ci",
                           "hiero-automation",
                           "chromium-autoroll",
                           "pre-commit-ci",
                           "Renovate Bot",
                           "bot",
                           "ci"})
    EXPECT_TRUE(is_bot_name(name)) << name;
  EXPECT_TRUE(is_bot_name("chromiumbot", {"chromium"}));
}

TEST(BotNames, HandlesOfRobots) {
  for (const char* name : {"cilium-robot", "knative-prow-robot", "azure-pipelines", "istio-testing", "hadoop-yetus",
                           "tensorflower-gardener", "the-knights-who-say-ni", "pep8speaks", "ImgBotApp"})
    EXPECT_TRUE(is_bot_name(name)) << name;
  for (const char* name : {"Elliot Robot", "robotdana", "robot-dreams"}) EXPECT_FALSE(is_bot_name(name)) << name;
}

TEST(BotNames, ArePeople) {
  for (const char* name :
       {"Jane Talbot", "Abbot",     "talbot",      "cabot", "wilbot",       "Botond Kiss",   "Elliot Robot",
        "Ibotta Dev",  "Marcia Ci", "marcia-ci",   "Bo T",  "robot-dreams", "Travis",        "Mark Jenkins",
        "Codex Doe",   "acodex",    "Otto Circle", "Botha", "J. Bott",      "Script Kiddie", "chromiumbot"})
    EXPECT_FALSE(is_bot_name(name)) << name;
  EXPECT_TRUE(is_full_name("Ada Stone"));
  EXPECT_TRUE(is_full_name("Ángel García Márquez"));
  EXPECT_FALSE(is_full_name("ada-stone"));
  EXPECT_FALSE(is_full_name("Release Manager"));
}

TEST(Noreply, FormsOfTheForges) {
  struct Case {
    const char *email, *forge, *host, *login;
    std::int64_t account;
  };
  for (const Case& c : {Case{"17+Ada@users.noreply.github.com", "github", "github.com", "ada", 17},
                        {"ada@users.noreply.github.com", "github", "github.com", "ada", 0},
                        {"17-ada@users.noreply.github.com", "github", "github.com", "17-ada", 0},
                        {"17+ada@users.noreply.ghe.corp.org", "github", "ghe.corp.org", "ada", 17},
                        {"17-zoe@users.noreply.gitlab.com", "gitlab", "gitlab.com", "zoe", 17},
                        {"17-zoe@users.noreply.gitlab.com", "", "gitlab.com", "zoe", 17},
                        {"17-zoe-b@users.noreply.git.corp.org", "gitlab", "git.corp.org", "zoe-b", 17},
                        {"17@users.noreply.git.corp.org", "gitlab", "git.corp.org", "", 17},
                        {"zoe@noreply.codeberg.org", "gitea", "codeberg.org", "zoe", 0},
                        {"9+zoe@noreply.gitea.com", "gitea", "gitea.com", "zoe", 9}}) {
    const auto found = parse_noreply(c.email, c.forge);
    ASSERT_TRUE(found) << c.email;
    EXPECT_EQ(found->host, c.host) << c.email;
    EXPECT_EQ(found->login, c.login) << c.email;
    EXPECT_EQ(found->account.value_or(0), c.account) << c.email;
  }
  for (const char* email : {"noreply@github.com", "ada@github.com", "x+ada@users.noreply.github.com", "@noreply.x.org",
                            "ada@noreplyx.org", "ada", ""})
    EXPECT_FALSE(parse_noreply(email, "github")) << email;
}

TEST(Noreply, NobodysAndRoles) {
  for (const char* email : {"root@localhost", "user@example.com", "ada@box.local", "ada@host.(none)", "ada",
                            "noreply@a.org", "you@example.org", "your@email.com", "ada@laptop"})
    EXPECT_TRUE(is_nobodys_address(email)) << email;
  for (const char* email : {"me@doe.net", "git@doe.net", "root@doe.net", "ada@example.org", "ada@mail.com"})
    EXPECT_FALSE(is_nobodys_address(email)) << email;
  EXPECT_TRUE(is_role_address("Admin@corp.com"));
  EXPECT_FALSE(is_role_address("ada@corp.com"));
}

TEST(Mailmap, FieldsAddUpAndNamesReplace) {
  const Mailmap mailmap(
      parse_mailmap("Ada Stone <ada@new.org> <ada@old.org>\nAda L. Stone <ada@old.org>\n"
                    "X <x@a.org> robo <lab@a.org>\nY <y@a.org> ROBO <lab@a.org>\n"));
  const auto ada = mailmap.find("whoever", "ADA@old.org");
  EXPECT_EQ(ada.name, "Ada L. Stone");
  EXPECT_EQ(ada.email, "ada@new.org");
  EXPECT_FALSE(ada.by_name);
  EXPECT_EQ(mailmap.find("Robo", "lab@a.org").email, "y@a.org");
  EXPECT_TRUE(mailmap.find("Robo", "lab@a.org").by_name);
  EXPECT_FALSE(mailmap.find("other", "lab@a.org").is_mapped);
  EXPECT_FALSE(mailmap.find("Ada", "ada@new.org").is_mapped);
}

class Who : public PeopleFixture {};

TEST_F(Who, OneAddressTwoPeopleByMailmap) {
  writer_->mailmap(
      parse_mailmap("Ada Stone <ada@home.org> ada <robot@lab.org>\nBea Brook <bea@home.org> bea <robot@lab.org>\n"));
  const auto ada = git("ada", "robot@lab.org"), bea = git("bea", "robot@lab.org"),
             real = git("Ada Stone", "ada@home.org");
  for (const auto& each : {ada, bea, real, git("Bea Brook", "bea@home.org")}) commits(each);
  resolve();
  EXPECT_FALSE(one(ada, bea));
  EXPECT_TRUE(one(ada, real));
  EXPECT_TRUE(one(bea, git("Bea Brook", "bea@home.org")));
}

TEST_F(Who, ToldApartThoughTheAddressStaysShared) {
  writer_->mailmap(
      parse_mailmap("Ada Stone <robot@lab.org> ada <robot@lab.org>\nBea Brook <robot@lab.org> bea <robot@lab.org>\n"));
  const auto ada = git("ada", "robot@lab.org"), bea = git("bea", "robot@lab.org"),
             real = git("Ada Stone", "robot@lab.org");
  for (const auto& each : {ada, bea, real}) commits(each);
  resolve();
  EXPECT_FALSE(one(ada, bea));
  EXPECT_TRUE(one(ada, real));
}

TEST_F(Who, LoginsThatAreAPartOfAnAccountJoinNobody) {
  const auto john = [&](const std::string& whole, const std::string& name) {
    PersonRecord person = account("john", 0, "User", "jira:issues.example.org");
    person.account_key = whole, person.name = name, person.email = whole;
    return person;
  };
  writer_->item(item(1, john("john@alpha.example", "John Alpha"), false));
  writer_->item(item(2, john("john@beta.example", "John Beta"), false));
  writer_->item(item(3, john("john@alpha.example", "John Alpha"), false));
  resolve();
  EXPECT_EQ(database_->integer("SELECT count(DISTINCT author_id) FROM item"), 2);
  EXPECT_EQ(database_->integer("SELECT count(*) FROM person"), 2);
  EXPECT_EQ(database_->integer("SELECT count(*) FROM identity WHERE identity_key LIKE '%@%'"), 0);
}

TEST_F(Who, PeopleAreDueUntilTheyAreWorkedOut) {
  writer_->mark("issue/1", "a");
  writer_->item(item(1, account("ann", 7), false));
  EXPECT_FALSE(are_people_due(*database_, project_));
  writer_->checkpoint("x");
  EXPECT_TRUE(are_people_due(*database_, project_)) << "with the rows, whatever becomes of the process";
  resolve_identities(*database_, project_);
  EXPECT_FALSE(are_people_due(*database_, project_));
  Writer later(*database_, project_, source_);
  ItemRecord same = item(1, account("ann", 7), false);
  same.title = "another title";
  later.mark("issue/1", "b");
  later.item(same);
  later.checkpoint("y");
  EXPECT_FALSE(are_people_due(*database_, project_)) << "nobody is another";
}

TEST_F(Who, AMailmapTakenAwayTakesItsLinksAlong) {
  const auto left = git("Guy Left", "guy@left.org"), right = git("Guy Right", "guy@right.org");
  commits(left), commits(right);
  writer_->mailmap(parse_mailmap("Guy Left <guy@left.org> <guy@right.org>\n"));
  resolve();
  EXPECT_TRUE(one(left, right));
  const std::int64_t before = people_revision(*database_, project_);
  writer_->mailmap({});
  resolve();
  EXPECT_FALSE(one(left, right));
  EXPECT_GT(people_revision(*database_, project_), before);
  // The ledger only grew.
  EXPECT_EQ(database_->integer("SELECT count(*) FROM identity_link WHERE action = 'merge' AND evidence = 'mailmap'"),
            1);
  EXPECT_EQ(database_->integer("SELECT count(*) FROM identity_link WHERE action = 'retract' AND made_by = 'rule'"), 1);
  // And back again.
  writer_->mailmap(parse_mailmap("Guy Left <guy@left.org> <guy@right.org>\n"));
  resolve();
  EXPECT_TRUE(one(left, right));
  // What a user took back stays so.
  retract_link(*database_, project_, *database_->integer("SELECT max(link_id) FROM identity_link"), 9, {});
  EXPECT_FALSE(one(left, right));
  resolve();
  EXPECT_FALSE(one(left, right));
}

TEST_F(Who, NoreplyAddressesBelongToTheirForgeAndNumber) {
  const auto ada = account("ada", 17), bea = account("bea", 18), old = account("cyd", 0);
  for (int i = 1; const auto& each : {ada, bea, old}) writer_->item(item(i++, each));
  const std::vector<std::pair<PersonRecord, PersonRecord>> same{{git("A", "17+ada-old@users.noreply.github.com"), ada},
                                                                {git("B", "Bea@users.noreply.github.com"), bea},
                                                                {git("X", "18+other@users.noreply.github.com"), bea},
                                                                {git("C", "99+cyd@users.noreply.github.com"), old}};
  const std::vector<PersonRecord> others{
      git("D", "77+bea@users.noreply.github.com"), git("E", "17-ada@users.noreply.gitlab.com"),
      git("F", "17+ada@users.noreply.ghe.corp.org"), git("G", "ada@noreply.codeberg.org")};
  for (const auto& [who, of] : same) commits(who);
  for (const auto& who : others) commits(who);
  resolve();
  for (const auto& [who, of] : same) EXPECT_TRUE(one(who, of)) << who.email;
  for (const auto& who : others)
    for (const auto& of : {ada, bea, old}) EXPECT_FALSE(one(who, of)) << who.email;
}

TEST_F(Who, NoreplyAddressesOfForgesAtHome) {
  const auto zoe = account("zoe", 17, "User", "gitlab:git.corp.org"),
             bea = account("bea", 3, "User", "gitea:codeberg.org"),
             ent = account("ent", 5, "User", "github:ghe.corp.org");
  for (int i = 1; const auto& each : {zoe, bea, ent}) writer_->item(item(i++, each));
  const auto a = git("Z", "17-was-zoe@users.noreply.git.corp.org"), b = git("B", "bea@noreply.codeberg.org"),
             c = git("E", "5+ent@users.noreply.ghe.corp.org"), d = git("Q", "17+ada@users.noreply.github.com"),
             e = git("R", "17+zed@users.noreply.github.com");
  for (const auto& each : {a, b, c, d, e}) commits(each);
  resolve();
  EXPECT_TRUE(one(a, zoe));
  EXPECT_TRUE(one(b, bea));
  EXPECT_TRUE(one(c, ent));
  EXPECT_FALSE(one(d, zoe));
  EXPECT_TRUE(one(d, e)) << "one number is one account, whatever it was called";
}

TEST_F(Who, RoleAddressesAreSharedWhereManyNamesUseThem) {
  const auto one_name = git("git doe", "git@doe.net"), other = git("git", "git@doe.net");
  const auto ann = git("Ann Lee", "admin@corp.com"), bob = git("Bob Ray", "admin@corp.com");
  const auto ava = git("Ava Chow", "github@chow.com"), andy = git("Andrew Chow", "github@chow.com");
  for (const auto& each :
       {one_name, other, ann, bob, ava, andy, git("root", "root@localhost"), git("other", "root@localhost")})
    commits(each);
  resolve();
  EXPECT_TRUE(one(one_name, other));
  EXPECT_FALSE(one(ann, bob));
  EXPECT_TRUE(one(ava, andy)) << "a person who changed a first name";
  EXPECT_FALSE(one(git("root", "root@localhost"), git("other", "root@localhost")));
}

TEST_F(Who, AMaintainerWithAScriptIsAPerson) {
  const auto ada = account("ada", 17), script = git("merge-script", "17+ada@users.noreply.github.com");
  const auto stone = git("Bea Stone", "bea@home.org"), release = git("bea-release-bot", "bea@home.org");
  pull(1, ada, {}), commits(script, 50), commits(stone, 1), commits(release, 50);
  const auto drahtbot = account("DrahtBot", 5), named = git("Draht Machine", "5+DrahtBot@users.noreply.github.com");
  pull(2, drahtbot, {}), commits(named, 3);
  const auto app = account("lint[bot]", 6, "Bot");
  const auto lone = git("release-bot", "bot@corp.com"), weblate = git("Hosted Weblate", "hosted@weblate.org");
  const auto actions = git("Nightly build", "41898282+github-actions[bot]@users.noreply.github.com");
  for (const auto& each : {lone, weblate, actions}) commits(each);
  pull(3, app, {});
  const auto jan = account("jan-bot", 7);
  pull(4, ada, {}, {jan}), pull(5, ada, {}, {jan});
  resolve();
  EXPECT_TRUE(one(ada, script));
  EXPECT_FALSE(is_bot(ada));
  EXPECT_FALSE(is_bot(stone));
  EXPECT_TRUE(is_bot(drahtbot));
  EXPECT_TRUE(is_bot(named));
  for (const auto& each : {app, lone, weblate, actions}) EXPECT_TRUE(is_bot(each)) << each.name << each.login;
  EXPECT_FALSE(is_bot(jan)) << "decides on reviews";
  EXPECT_EQ(database_->text("SELECT name FROM person WHERE person_id = :id", {{"id", person(stone)}}), "Bea Stone");
}

TEST_F(Who, SettingsDecideAndAreKnown) {
  const auto jan = account("jan-bot", 7), tool = account("helper", 8);
  pull(1, jan, {}), pull(2, tool, {});
  resolve();
  EXPECT_TRUE(is_bot(jan));
  EXPECT_FALSE(is_bot(tool));
  BotRules rules;
  rules.not_bots = {"Jan-Bot"};
  rules.bots = {"helper"};
  EXPECT_FALSE(are_people_current(*database_, project_, rules));
  const std::int64_t before = people_revision(*database_, project_);
  resolve(rules);
  EXPECT_TRUE(are_people_current(*database_, project_, rules));
  EXPECT_FALSE(is_bot(jan));
  EXPECT_TRUE(is_bot(tool));
  EXPECT_EQ(people_revision(*database_, project_), before + 1);
  // Somebody new changes nothing of who was known.
  pull(3, account("new", 9), {});
  resolve(rules);
  EXPECT_EQ(people_revision(*database_, project_), before + 1);
}

// Half of the pull requests says that one address is one account's; the whole does not.
TEST_F(Who, PeopleDoNotDependOnWhereASyncStopped) {
  const auto ada = account("ada", 17), bea = account("bea", 18), address = git("Shared Laptop", "laptop@corp.com");
  pull(1, ada, {address}), pull(2, ada, {address});
  resolve();
  EXPECT_TRUE(one(ada, address));
  pull(3, bea, {address}), pull(4, bea, {address});
  resolve();
  EXPECT_FALSE(one(ada, address));
  EXPECT_FALSE(one(bea, address));
}

TEST_F(Who, WhatUsersJoinedStays) {
  const auto ada = git("Ada", "ada@a.org"), other = git("A.", "a@b.org");
  commits(ada), commits(other);
  resolve();
  merge_people(*database_, project_, person(ada), person(other), 5, {});
  resolve();
  EXPECT_TRUE(one(ada, other));
  split_identity(*database_, project_, identity(other), 6, {});
  resolve();
  EXPECT_FALSE(one(ada, other));
}

TEST_F(Who, BotsCommitsInPullRequestsJoinNobody) {
  const auto ada = account("ada", 17), bot = git("translations-bot", "l10n@corp.com");
  pull(1, ada, {bot}), pull(2, ada, {bot});
  resolve();
  EXPECT_FALSE(one(ada, bot));
}

// Accounts are renamed, and their old names taken by others: the number says who it is, the newest item what it is
// called.
TEST_F(Who, ARenamedAccountIsCalledAsItWasToldLast) {
  const auto login = [&](std::int64_t number) {
    const auto rows = database_->query(
        "SELECT p.login FROM item i JOIN person_identity pi ON pi.project_id = i.project_id AND pi.identity_id = "
        "i.author_id JOIN person p ON p.project_id = pi.project_id AND p.person_id = pi.person_id WHERE i.number = "
        ":number",
        {{"number", number}});
    return rows->next() ? rows->string(0) : std::string();
  };
  writer_->item(item(1, account("before", 7), false, 10 * kDay));
  writer_->item(item(3, account("before", 99), false, 30 * kDay));
  writer_->item(item(2, account("after", 7), false, 20 * kDay));
  resolve();
  EXPECT_EQ(login(1), "after");
  EXPECT_EQ(login(2), "after");
  EXPECT_EQ(login(3), "before");
  // What is older says less, in one run; what a later run tells is newer.
  writer_.emplace(*database_, project_, source_);
  writer_->item(item(5, account("newest", 7), false, 50 * kDay));
  writer_->item(item(4, account("after", 7), false, 40 * kDay));
  writer_->item(item(6, account("tool[bot]", 5, "Bot"), false, 50 * kDay));
  writer_->item(item(7, account("tool", 5, "Bot"), false, 60 * kDay));
  resolve();
  EXPECT_EQ(login(1), "newest");
  EXPECT_EQ(login(7), "tool[bot]");
  // An export of before, read last.
  writer_.emplace(*database_, project_, source_);
  writer_->item(item(8, account("before", 7), false, 5 * kDay));
  resolve();
  EXPECT_EQ(login(1), "newest");
}

TEST_F(Who, ProgramsThatWriteCodeAreNobody) {
  for (const auto& each : {git("Claude", "noreply@anthropic.com"), git("Cursor Agent", "cursoragent@cursor.com"),
                           git("openhands", "openhands@all-hands.dev"), git("aider (gpt-4o)", "aider@aider.chat")}) {
    commits(each, 3);
    resolve();
    EXPECT_TRUE(is_bot(each)) << each.name;
  }
  const auto person = git("Claude", "claude@example.org");
  commits(person);
  resolve();
  EXPECT_FALSE(is_bot(person));
}

}  // namespace
}  // namespace resident
