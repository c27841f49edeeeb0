#include <gtest/gtest.h>
#include <unistd.h>

#include <base/error.hpp>
#include <cli/dashboard/pages.hpp>
#include <filesystem>
#include <tests/analyses/history.hpp>
#include <tests/views/hostile.hpp>

namespace resident {
namespace {

using test::at;
using test::History;

constexpr const char* kNow = "2023-03-01T00:00:00Z";

class Dashboard : public testing::Test {
 protected:
  Dashboard() {
    auto asked = test::item(false, 1, "eve", "2023-01-01T00:00:00Z");
    asked.title = "How do I build it? " + test::kScript;
    asked.body = "It does not build here. How can I do that?";
    test::event(asked, "cross-referenced", at("2023-02-01"));
    asked.events.back().detail = "#3";
    auto answered = test::item(false, 2, "bob", "2023-01-02T00:00:00Z");
    answered.title = "How do I build it with cmake?";
    answered.body = "How can I build it with cmake here?";
    test::comment(answered, "cat", at("2023-01-03"));
    answered.comments.back().body = "Use cmake.";
    test::event(answered, "closed", at("2023-01-04"));
    answered.state = "closed";
    answered.closed_at = at("2023-01-04");
    auto pull = test::item(true, 3, "ann", "2023-02-01T00:00:00Z");
    pull.title = "Build it";
    pull.body = "Fixes #1";
    pull.additions = 3;
    pull.deletions = 1;
    auto merged = test::item(true, 4, "bob", "2023-01-10T00:00:00Z");
    test::review(merged, "cat", at("2023-01-11"));
    test::event(merged, "merged", at("2023-01-12"));
    merged.events.back().actor = test::account("cat");
    test::event(merged, "closed", at("2023-01-12"));
    merged.state = "closed";
    merged.closed_at = merged.merged_at = at("2023-01-12");
    History history;
    history.items = {asked, answered, pull, merged};
    project_ = test::write(*database_, "p", history);
    ThreadRecord thread;
    thread.key = "mail:x";
    thread.kind = "mail";
    thread.channel = "dev";
    thread.title = "Where is the manual?";
    thread.author = test::account("dan");
    thread.created_at = at("2023-02-02");
    PostRecord post;
    post.key = "1";
    post.author = thread.author;
    post.created_at = thread.created_at;
    post.body = "Where is the manual?";
    thread.posts = {post};
    Writer writer(*database_, project_, ensure_source(*database_, project_, "test", "mail"));
    writer.thread(thread);
    writer.checkpoint("done");
    resolve_identities(*database_, project_);
  }

  Context context(const char* as_of = kNow) { return open_context(*database_, Config(), "p", at(as_of), at(kNow)); }
  OwnNotes own(bool is_past = false) { return OwnNotes(context(), at(kNow), is_past, ""); }

  std::optional<Page> item(std::int64_t number, const char* as_of = kNow) {
    desk_ = std::make_unique<Desk>(context(as_of));
    PageRequest request;
    request.slug = "item";
    request.number = number;
    return item_page(*desk_, own(), request, [](const ReviewEntry&) { return false; });
  }

  std::int64_t id_of(std::int64_t number) {
    return *database_->integer("SELECT item_id FROM item WHERE project_id = :project AND number = :number",
                               {{"project", project_}, {"number", number}});
  }

  std::string send(const std::string& kind, std::int64_t number, const std::string& content) {
    return collect_from_page(context(), {"p", kind, content, "", id_of(number)}, at(kNow));
  }

  static std::vector<ActionCard> collected(const Page& page) {
    std::vector<ActionCard> cards;
    for (const auto& card : page.cards)
      if (card.anchor == "item") cards.push_back(card);
    return cards;
  }

  static std::vector<std::string> names(const std::vector<Result>& results) {
    std::vector<std::string> list;
    for (const auto& each : results) list.push_back(each.name);
    return list;
  }

  std::unique_ptr<Database> database_ = Database::open(":memory:", Access::write);
  std::int64_t project_ = 0;
  std::unique_ptr<Desk> desk_;
};

TEST_F(Dashboard, ShowsAPullRequestReadyToReview) {
  const auto page = item(3);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->title, "#3 Build it");
  EXPECT_EQ(names(page->results), (std::vector<std::string>{"readiness", "reviewers", "linked", "thread"}));
  EXPECT_EQ(names(page->data), (std::vector<std::string>{"dossier"}));
  const Result& linked = page->results[2];
  ASSERT_EQ(linked.rows.size(), 1u);
  EXPECT_EQ(std::get<std::int64_t>(linked.rows[0][0]), 1);
  EXPECT_EQ(std::get<std::string>(linked.rows[0][linked.column("how")]), "this says that it closes it");
  bool asks = false;
  for (const auto& form : page->cards.front().forms) asks = asks || form.kind == "request_review";
  EXPECT_TRUE(asks);
}

TEST_F(Dashboard, ShowsAnIssueWithWhatWasAnsweredBefore) {
  const auto page = item(1);
  ASSERT_TRUE(page);
  EXPECT_EQ(names(page->results), (std::vector<std::string>{"ask", "linked", "thread"}));
  EXPECT_EQ(std::get<std::string>(page->results[1].rows.at(0)[page->results[1].column("how")]), "names this");
  ASSERT_FALSE(page->results[0].rows.empty());
  EXPECT_EQ(std::get<std::int64_t>(page->results[0].rows[0][page->results[0].column("number")]), 2);
  EXPECT_FALSE(page->cards.front().forms.empty());
}

TEST_F(Dashboard, KnowsWhatIsClosedAndWhatIsNotThereYet) {
  const auto merged = item(4);
  ASSERT_TRUE(merged);
  EXPECT_NE(merged->intro.find("merged on 2023-01-12"), std::string::npos);
  ASSERT_EQ(merged->cards.front().forms.size(), 1u);  // one may remember something of it, and no more
  EXPECT_EQ(merged->cards.front().forms[0].kind, "note");
  EXPECT_FALSE(item(3, "2023-01-15T00:00:00Z"));
  EXPECT_FALSE(item(99));
}

TEST_F(Dashboard, PlansASessionAndSaysWhyItCannot) {
  Desk desk(context());
  PageRequest request;
  request.slug = "review";
  const Page page = review_page(desk, own(), request);
  ASSERT_EQ(page.cards.size(), 1u);
  EXPECT_EQ(page.cards[0].title, "#3 Build it");
  EXPECT_EQ(names(page.results), (std::vector<std::string>{"review_queue_reviewer"}));
  EXPECT_EQ(names(page.data), (std::vector<std::string>{"review_session", "review_queue"}));
  request.arguments = {{"mine", "yes"}, {"me", test::kScript}};
  const Page nobody = review_page(desk, own(), request);
  EXPECT_TRUE(nobody.cards.empty());
  EXPECT_NE(nobody.intro.find("nobody called"), std::string::npos) << nobody.intro;
  EXPECT_FALSE(nobody.results.empty());
  request.arguments = {{"minutes", "many"}};
  EXPECT_NE(review_page(desk, own(), request).intro.find("No session"), std::string::npos);
}

TEST_F(Dashboard, LeavesOutWhatIsSnoozedButNotOfThePast) {
  Desk desk(context());
  send("snooze", 3, "7");
  send("snooze", 1, "7");
  PageRequest request;
  EXPECT_TRUE(review_page(desk, own(), request).cards.empty());
  EXPECT_EQ(review_page(desk, own(true), request).cards.size(), 1u);
  for (const auto& card : inbox_page(desk, own(), request).cards) EXPECT_NE(card.item_id, id_of(1));
}

TEST_F(Dashboard, ListsQuestionsWithTheOldestPromiseFirst) {
  Desk desk(context());
  const Page page = inbox_page(desk, own(), PageRequest());
  ASSERT_EQ(page.cards.size(), 2u);
  EXPECT_EQ(page.cards[0].item_id, id_of(1));
  EXPECT_EQ(page.cards[1].key, "mail:x");
  EXPECT_TRUE(page.cards[1].forms.empty());  // nothing can be written to a channel
  PageRequest request;
  request.key = "mail:x";
  const auto thread = thread_page(desk, request);
  ASSERT_TRUE(thread);
  EXPECT_EQ(thread->results.back().rows.size(), 1u);
  request.key = "mail:y";
  EXPECT_FALSE(thread_page(desk, request));
}

TEST_F(Dashboard, CollectsAPlanAndTakesOutOfIt) {
  send("label", 1, test::kImage);
  send("comment", 1, "Thank you.\nTruly.");
  send("request_review", 3, "cat");
  Desk desk(context());
  const Page page = plan_page(desk, own(), PageRequest(), "resident plan --collected --apply");
  ASSERT_EQ(collected(page).size(), 2u);
  EXPECT_NE(page.intro.find("3 actions on 2 items"), std::string::npos);
  EXPECT_NE(page.markdown.find("resident plan --collected --apply"), std::string::npos);
  ASSERT_EQ(page.cards[0].forms.size(), 2u);
  const ActionForm& form = page.cards[0].forms[0];
  EXPECT_EQ(form.kind, "drop");
  send("drop", 1, form.content);
  EXPECT_EQ(own().collected.size(), 2u);
  EXPECT_THROW(send("drop", 1, form.content), Error);
  EXPECT_THROW(send("drop", 1, "no such key"), Error);
  // What stands in the plan is marked on the item's page.
  bool is_marked = false;
  const auto item = this->item(3);
  for (const auto& each : item->cards.front().forms)
    is_marked = is_marked || (each.kind == "request_review" && each.content == "cat" && each.is_planned);
  EXPECT_TRUE(is_marked);
}

TEST_F(Dashboard, ProposesWhatNobodyHasCollected) {
  Desk desk(context());
  PageRequest request;
  request.slug = "plan";
  const auto wanted = make_plan(context()).actions;
  ASSERT_FALSE(wanted.empty());
  const Page page = plan_page(desk, own(), request, "resident plan");
  EXPECT_TRUE(collected(page).empty());
  ASSERT_EQ(page.cards.size(), wanted.size());
  EXPECT_EQ(page.cards_title, "Proposed by the queues");
  EXPECT_NE(page.intro.find("Nothing is collected"), std::string::npos);
  const ActionForm form = page.cards[0].forms.at(0);
  EXPECT_EQ(form.kind, wanted[0].kind);
  EXPECT_EQ(form.content, wanted[0].content);
  EXPECT_EQ(form.reason, wanted[0].reason);
  // Taken over, it stands among what is collected, and there alone.
  send(form.kind, wanted[0].number, form.content);
  const Page after = plan_page(desk, own(), request, "resident plan");
  EXPECT_EQ(collected(after).size(), 1u);
  EXPECT_EQ(after.cards.size(), wanted.size());
  EXPECT_EQ(after.cards_title, "Collected");
  // What was sent is proposed no more.
  PlanBook(*database_, project_).drop(wanted[0].key);
  database_->execute(
      "INSERT INTO action_log (project_id, action_key, item_id, kind, content, reason, sent_at, state) VALUES "
      "(:project, :key, :item, 'comment', 'x', 'y', 1, 'sent')",
      {{"project", project_}, {"key", wanted[0].key}, {"item", wanted[0].item_id}});
  EXPECT_EQ(plan_page(desk, own(), request, "resident plan").cards.size(), wanted.size() - 1);
  request.from = 1000;
  EXPECT_TRUE(plan_page(desk, own(), request, "resident plan").cards.empty());
}

TEST_F(Dashboard, SpreadsTheReviewsItProposes) {
  // Six that nobody reviews, and two who merge: nobody is asked for more than three, or than what is allowed.
  History history;
  for (int i = 0; i < 12; ++i) {
    auto merged = test::item(true, 100 + i, "bob", "2022-12-01T00:00:00Z");
    const char* who = i % 3 == 0 ? "dan" : "cat";
    test::review(merged, who, at("2022-12-02"));
    test::event(merged, "merged", at("2022-12-03"));
    merged.events.back().actor = test::account(who);
    test::event(merged, "closed", at("2022-12-03"));
    merged.state = "closed";
    merged.closed_at = merged.merged_at = at("2022-12-03");
    history.items.push_back(merged);
  }
  for (int i = 0; i < 6; ++i) history.items.push_back(test::item(true, 200 + i, "eve", "2023-02-10T00:00:00Z"));
  const std::int64_t other = test::write(*database_, "q", history);
  ASSERT_GT(other, 0);
  const Context context = open_context(*database_, Config(), "q", at(kNow), at(kNow));
  for (const int most : {1, 2, 3}) {
    std::map<std::string, int> asked;
    for (const auto& action : make_plan(context, most).actions)
      if (action.kind == "request_review" && action.number >= 200) ++asked[action.content];
    EXPECT_EQ(asked.size(), 2u) << most;
    for (const auto& [name, count] : asked) EXPECT_EQ(count, most) << name;
  }
}

TEST_F(Dashboard, TakesANoteAwayAgain) {
  EXPECT_EQ(send("note", 1, "  "), "no-note");
  EXPECT_EQ(send("note", 1, "ask cat"), "note-kept");
  const auto note_form = [](const Page& page) {
    for (const auto& form : page.cards.front().forms)
      if (form.kind == "note") return form;
    return ActionForm();
  };
  EXPECT_EQ(note_form(*item(1)).content, "ask cat");
  EXPECT_TRUE(note_form(*item(1)).may_be_empty);
  EXPECT_EQ(send("note", 1, ""), "note-removed");
  EXPECT_EQ(note_form(*item(1)).content, "");
  const auto page = item(1);
  for (const auto& fact : page->cards.front().facts) EXPECT_NE(fact.what, "your note");
}

TEST_F(Dashboard, KeepsWhatWasLearntWhileTheStoreIsTheSame) {
  // A desk has a connection of its own: a store in a file.
  const auto path =
      std::filesystem::temp_directory_path() / ("resident-desks-test-" + std::to_string(getpid()) + ".db");
  std::filesystem::remove(path);
  const auto open = [&] { return Database::open(path.string(), Access::write); };
  const auto store = open();
  const std::int64_t project = ensure_project(*store, "p");
  const auto at_moment = [&](const char* as_of) {
    Context made{*store, project, "p", "", false, {}};
    made.as_of = at(as_of);
    return made;
  };
  Desks desks(std::chrono::milliseconds(0));
  const auto first = desks.at(at_moment(kNow), "1", open);
  EXPECT_EQ(desks.at(at_moment(kNow), "1", open), first);
  desks.at(at_moment("2023-02-10T00:00:00Z"), "1", open);
  EXPECT_EQ(desks.at(at_moment(kNow), "1", open), first);
  EXPECT_NE(desks.at(at_moment(kNow), "2", open), first);
  EXPECT_EQ(desks.at(at_moment(kNow), "2", open)->desk.context().as_of, at(kNow));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace resident
