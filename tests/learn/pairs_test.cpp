// Likely pairs: what is proposed, what is not, and that nothing is joined but by a user's word.
#include <algorithm>
#include <analyses/list.hpp>
#include <framework/accuracy.hpp>
#include <framework/learnt.hpp>
#include <learn/pairs/pairs.hpp>

#include "tests/store/people_fixture.hpp"

namespace resident {
namespace {

constexpr Timestamp kNow = 100 * kDay;

class Pairs : public PeopleFixture {
 protected:
  Context context() {
    Context made{*database_, project_, "tool", "", false, {}};
    made.as_of = kNow;
    return made;
  }
  std::vector<LikelyPair> proposed(double least = kLikelyPair) { return likely_pairs(context(), least, kNow); }
  // The proposal of these two; 0 where there is none.
  double probability(const PersonRecord& a, const PersonRecord& b) {
    const std::pair<std::int64_t, std::int64_t> both = std::minmax({person(a), person(b)});
    for (const LikelyPair& pair : proposed(0))
      if (std::pair(pair.a, pair.b) == both) return pair.probability;
    return 0;
  }
  // Others, so that a name can be rare or not.
  void crowd() {
    for (const char* name :
         {"John Abel", "John Baker", "John Carter", "John Drew", "John Evans", "John Foster", "John Green"})
      commits(git(name, std::string(name).substr(5) + "@crowd.org"));
    for (const char* first : {"Ada", "Bea", "Cyd", "Dan", "Eve", "Fay", "Gus"})
      commits(git(std::string(first) + " Smith", std::string(first) + ".smith@crowd.org"));
  }
};

TEST_F(Pairs, ProposesWhatEvidenceDoesNotJoin) {
  crowd();
  const auto ada = account("adastone", 17), stone = git("Ada Stone", "one@a.org"), work = git("Ada Stone", "two@b.org");
  writer_->item(item(1, ada)), commits(stone), commits(work);
  const auto rare = account("zorkmid", 18), zork = git("zorkmid", "z@c.org");
  writer_->item(item(2, rare)), commits(zork);
  const auto one = git("John Smith", "js@d.org"), other = git("John Smith", "smith@e.org");
  commits(one), commits(other);
  resolve();
  EXPECT_FALSE(this->one(ada, stone));
  EXPECT_FALSE(this->one(stone, work));
  EXPECT_GE(std::max(probability(ada, stone), probability(ada, work)), kLikelyPair);
  EXPECT_GE(probability(rare, zork), kLikelyPair);
  EXPECT_LT(probability(one, other), kLikelyPair) << "every word of it is many people's";
  // Three that are one need two proposals.
  const auto pairs = proposed();
  const auto about = [&](const PersonRecord& who) {
    const std::int64_t id = person(who);
    return std::count_if(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.a == id || pair.b == id; });
  };
  EXPECT_EQ(about(ada) + about(stone) + about(work), 4);
  for (const auto& pair : pairs)
    for (const auto& why : pair.evidence) EXPECT_EQ(why.find(".org"), std::string::npos) << why;
}

TEST_F(Pairs, ANameInTwoNormalFormsIsOneName) {
  crowd();
  const auto composed = git("Cl\u00e9ment Brook", "cb@pump.org"),
             decomposed = git("Cle\u0301ment Brook", "clem@pump.org");
  commits(composed), commits(decomposed);
  resolve();
  EXPECT_GE(probability(composed, decomposed), kLikelyPair);
}

TEST_F(Pairs, ANameWithoutItsMarksIsOneName) {
  crowd();
  const auto marked = git("José Núñez", "jn@pump.org"), plain = git("Jose Nunez", "jose@mill.org");
  const auto umlaut = git("Müller Jürgen", "jm@pump.org"), out = git("Juergen Mueller", "jurgen@mill.org");
  commits(marked), commits(plain), commits(umlaut), commits(out);
  resolve();
  EXPECT_FALSE(one(marked, plain));
  EXPECT_GE(probability(marked, plain), kLikelyPair);
  EXPECT_GE(probability(umlaut, out), kLikelyPair);
  EXPECT_LT(probability(marked, out), kLikelyPair);
}

TEST_F(Pairs, WhatSpeaksAgainstCounts) {
  crowd();
  // Two accounts at one forge, and people who approve each other's work.
  const auto ada = account("ada-stone", 17), too = account("adastone", 18), bea = account("beabrook", 19),
             brook = git("Bea Brook", "b@a.org");
  writer_->item(item(1, ada)), writer_->item(item(2, too)), commits(brook);
  pull(3, bea, {});
  const auto cyd = account("cydrook", 20), rook = account("other", 21),
             named = git("Cyd Rook", "21+other@users.noreply.github.com");
  commits(named), pull(4, rook, {}, {cyd}), writer_->item(item(5, cyd));
  resolve();
  EXPECT_LT(probability(ada, too), kPossiblePair);
  EXPECT_GE(probability(bea, brook), kLikelyPair);
  EXPECT_LT(probability(cyd, rook), kPossiblePair);
}

TEST_F(Pairs, WhomTheForgeAndGitNameBesideEachOther) {
  const auto ada = account("qx", 17), merger = git("Somebody Else", "s@a.org"), bea = account("bea", 18);
  for (int number = 1; number <= 6; ++number) {
    CommitRecord merge;
    merge.sha = std::string(39, 'c') + std::to_string(number);
    merge.author = merge.committer = merger;
    merge.parents = {"a", "b"};
    merge.committed_at = merge.authored_at = kDay;
    merge.on_default = merge.in_history = true;
    writer_->commit(merge);
    ItemRecord record = item(number, bea);
    EventRecord event;
    event.kind = "merged";
    event.actor = ada;
    event.occurred_at = kDay;
    event.sha = merge.sha;
    record.events.push_back(event);
    writer_->item(record);
  }
  resolve();
  EXPECT_GE(probability(ada, merger), kLikelyPair);
  EXPECT_FALSE(one(ada, merger)) << "never automatically";
}

TEST_F(Pairs, AnswersAreKept) {
  crowd();
  const auto ada = account("adastone", 17), stone = git("Ada Stone", "one@a.org");
  const auto zork = account("zorkmid", 18), mid = git("zorkmid", "z@c.org");
  writer_->item(item(1, ada)), commits(stone), writer_->item(item(2, zork)), commits(mid);
  resolve();
  ASSERT_EQ(proposed().size(), 2u);
  refuse_pair(*database_, project_, person(ada), person(stone), kNow);
  postpone_pair(*database_, project_, person(zork), person(mid), kNow + 90 * kDay, kNow);
  EXPECT_TRUE(proposed().empty());
  ASSERT_EQ(likely_pairs(context(), kLikelyPair, kNow + 91 * kDay).size(), 1u);
  EXPECT_EQ(likely_pairs(context(), kLikelyPair, kNow + 91 * kDay)[0].a, std::min(person(zork), person(mid)));
  // Joined, and parted again by a user: not asked any more.
  merge_people(*database_, project_, person(zork), person(mid), kNow, {});
  EXPECT_TRUE(one(zork, mid));
  split_identity(*database_, project_, identity(mid), kNow, {});
  EXPECT_TRUE(likely_pairs(context(), kLikelyPair, kNow + 91 * kDay).empty());
}

TEST_F(Pairs, BacktestTakesPeopleApart) {
  crowd();
  const auto ada = account("adastone", 17), bea = account("beabrook", 18), cyd = account("cyd", 19),
             dan = account("dan", 20);
  for (int i = 1; const auto& each : {ada, bea, cyd, dan}) writer_->item(item(i++, each));
  commits(git("Ada Stone", "17+adastone@users.noreply.github.com"));  // found by the name
  commits(git("Zed", "18+beabrook@users.noreply.github.com"));        // only by what is hidden
  commits(git("Eli Crane", "19+cyd@users.noreply.github.com"));       // Cyd and Dan bear one name: a wrong proposal
  commits(git("Eli Crane", "20+dan@users.noreply.github.com"));
  resolve();
  const AccuracyReport report = find_accuracy_task("pairs").run(context());
  const auto figure = [&](std::string_view metric) {
    for (const auto& each : report.figures)
      if (each.metric == metric) return each;
    return AccuracyFigure{};
  };
  EXPECT_EQ(figure("precision_above_90").n, 2);
  EXPECT_DOUBLE_EQ(figure("precision_above_90").value, 0.5);
  EXPECT_EQ(figure("recall_above_90").n, 4);
  EXPECT_DOUBLE_EQ(figure("recall_above_90").value, 0.25);
}

TEST_F(Pairs, FiguresSayWhenTheyAreOfBefore) {
  commits(git("Ada", "a@a.org")), commits(git("Bea", "b@a.org"));
  resolve();
  AccuracyReport report;
  report.task = "pairs";
  report.figures = {{"precision_above_90", 0.97, 0.9, 0.99, {}, 40}};
  store_figures(context(), report);
  EXPECT_EQ(known_figure_text(context(), "pairs", "precision_above_90").find("before"), std::string::npos);
  merge_people(*database_, project_, person(git("Ada", "a@a.org")), person(git("Bea", "b@a.org")), kNow, {});
  EXPECT_NE(known_figure_text(context(), "pairs", "precision_above_90").find("before people or settings changed"),
            std::string::npos);
  store_figures(context(), report);
  EXPECT_EQ(known_figure_text(context(), "pairs", "precision_above_90").find("before"), std::string::npos);
  Context other = context();
  other.config.print = "another";
  EXPECT_NE(known_figure_text(other, "pairs", "precision_above_90").find("before"), std::string::npos);
  EXPECT_NE(people_basis(other), people_basis(context()));
}

}  // namespace
}  // namespace resident
