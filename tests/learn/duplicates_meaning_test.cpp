#include <gtest/gtest.h>

#include <base/error.hpp>
#include <learn/duplicates/replay.hpp>
#include <random>

namespace resident::duplicates {
namespace {

constexpr Timestamp kStart = 1600000000;
constexpr std::size_t kWidth = 16;

struct Report {
  text::ItemText item;
  text::Meaning meaning;
};

std::string any_word(std::mt19937& random, int length) {
  std::string word;
  for (int i = 0; i < length; ++i) word += static_cast<char>('a' + random() % 26);
  return word;
}

text::Meaning direction(std::mt19937& random) {
  std::normal_distribution<float> normal;
  std::vector<float> vector(kWidth);
  for (auto& each : vector) each = normal(random);
  return text::unit(vector);
}

// Every report has words of its own. Every tenth means what one of the nine before means, and is marked a day later.
std::vector<Report> reports(std::vector<KnownDuplicate>& known, int count = 200) {
  std::mt19937 random(11);
  std::vector<Report> list;
  for (int i = 0; i < count; ++i) {
    const std::string title = "the " + any_word(random, 8) + " " + any_word(random, 8);
    Report report{{2 * (i + 1), i + 1, kStart + i * kDay, title, any_word(random, 9)}, direction(random)};
    if (i % 10 == 9) {
      const std::size_t of = static_cast<std::size_t>(i) - 1 - random() % 9;
      report.meaning = list[of].meaning;
      known.push_back({report.item.item_id, list[of].item.item_id, report.item.created_at + kDay});
    }
    list.push_back(std::move(report));
  }
  return list;
}

std::size_t found_first(const std::vector<Report>& list, const std::vector<KnownDuplicate>& known, bool with_meaning) {
  Replay replay(known, with_meaning);
  std::size_t right = 0;
  for (const auto& report : list) {
    const auto ranked = replay.next(report.item, true, report.meaning);
    for (const auto& each : known)
      right += each.item_id == report.item.item_id && !ranked->empty() &&
               replay.index().document(ranked->front().document).item_id == each.of;
  }
  return right;
}

TEST(DuplicatesByMeaning, AreFoundWithoutACommonWord) {
  std::vector<KnownDuplicate> known;
  const auto list = reports(known);
  ASSERT_EQ(known.size(), 20u);
  EXPECT_EQ(found_first(list, known, false), 0u);
  EXPECT_EQ(found_first(list, known, true), 20u);
}

using Told = std::vector<std::pair<std::int64_t, double>>;

Told told(const Replay& replay, const std::vector<Ranked>& ranked) {
  Told result;
  for (const auto& each : ranked) result.emplace_back(replay.index().document(each.document).item_id, each.probability);
  return result;
}

// Later reports with the meaning of earlier ones, and later marks among the earlier: nothing before moves.
TEST(DuplicatesByMeaning, TheFutureChangesNothing) {
  std::vector<KnownDuplicate> known;
  auto list = reports(known);
  auto planted_known = known;
  const std::size_t moment = 120;
  std::vector<Report> planted(list.begin(), list.begin() + moment);
  for (int i = 0; i < 80; ++i) {
    const auto at = static_cast<std::size_t>(i);
    planted.push_back(list[at]);
    planted.back().item.item_id = 10'000 + 2 * i;
    planted.back().item.created_at = list[moment].item.created_at;
    planted_known.push_back({2 * ((i * 7) % 60 + 62), 2 * (i % 60 + 1), list[moment].item.created_at + kDay});
  }
  Replay honest(known, true), leaking(planted_known, true);
  for (std::size_t i = 0; i < moment; ++i) {
    const auto a = honest.next(list[i].item, true, list[i].meaning);
    const auto b = leaking.next(planted[i].item, true, planted[i].meaning);
    EXPECT_EQ(told(honest, *a), told(leaking, *b)) << i;
  }
  // Asked afterwards about a past report, among those before it, it answers by meanings of before as well.
  for (std::size_t i = moment; i < planted.size(); ++i) leaking.next(planted[i].item, false, planted[i].meaning);
  Replay before(known, true);
  for (std::size_t i = 0; i < 60; ++i) before.next(list[i].item, false, list[i].meaning);
  const auto asking = leaking.index().read(list[59].item);
  const auto near = leaking.ask(asking, 59, list[59].meaning);
  ASSERT_FALSE(near.empty());
  for (const auto& each : near) EXPECT_LT(each.document, 59u);
}

TEST(DuplicatesByMeaning, WhatIsKeptAnswersTheSame) {
  std::vector<KnownDuplicate> known;
  const auto list = reports(known);
  Replay replay(known, true);
  for (std::size_t i = 0; i < 150; ++i) replay.next(list[i].item, false, list[i].meaning);
  replay.settle(list[150].item.created_at);
  EXPECT_GE(replay.learnt_from(), 10u);
  const std::string bytes = replay.pack();
  Replay read = Replay::unpack(bytes);
  for (std::size_t i = 150; i < list.size(); ++i) {
    replay.add(list[i].item, list[i].meaning);
    read.add(list[i].item, list[i].meaning);
  }
  std::size_t found = 0;
  for (std::size_t i = 150; i < list.size(); ++i) {
    const auto a = replay.ask(replay.index().read(list[i].item), i, list[i].meaning);
    const auto b = read.ask(read.index().read(list[i].item), i, list[i].meaning);
    EXPECT_EQ(told(replay, a), told(read, b));
    found += !a.empty() && a.front().signals[text::meaning] > 0.99;
  }
  EXPECT_EQ(found, 5u);
  EXPECT_THROW(Replay::unpack(std::string_view(bytes).substr(0, bytes.size() - 2)), Error);
}

// Where meaning misleads, a project's own marks teach it.
TEST(DuplicatesByMeaning, ItsWeightIsLearnt) {
  std::mt19937 random(3);
  std::vector<Choice> choices;
  for (int i = 0; i < 200; ++i) {
    Choice choice;
    for (std::size_t j = 0; j < 5; ++j) {
      text::Signals signals{};
      signals[text::likeness] = j == 0 ? 0.6 : 0.2;
      signals[text::meaning] = std::uniform_real_distribution<>(0, 1)(random);
      choice.candidates.push_back(signals);
    }
    choice.right = {true, false, false, false, false};
    choices.push_back(choice);
  }
  EXPECT_EQ(built_in_weights(false), kBuiltInWeights);
  EXPECT_EQ(kBuiltInWeights[text::meaning], 0);
  const auto learnt = learn(choices, built_in_weights(true), true);
  EXPECT_LT(std::abs(learnt[text::meaning]), kMeaningWeight / 3);
  EXPECT_GT(learnt[text::likeness], kBuiltInWeights[text::likeness]);
  // Without a model the signal is no part of what is learnt.
  EXPECT_EQ(learn(choices, kBuiltInWeights)[text::meaning], 0);
}

}  // namespace
}  // namespace resident::duplicates
