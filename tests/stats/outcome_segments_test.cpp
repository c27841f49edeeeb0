#include <gtest/gtest.h>

#include <algorithm>
#include <base/error.hpp>
#include <cmath>
#include <random>
#include <stats/outcome_segments.hpp>

namespace resident::stats {
namespace {

// 'p' passed, 'f' failed, 'b' failed and again when retried, 'r' failed and passed when retried, '.' not run.
std::vector<OutcomeCount> history_of(const std::string& letters) {
  std::vector<OutcomeCount> history;
  for (const char letter : letters)
    history.push_back({static_cast<std::int64_t>(history.size()), letter != '.', letter != '.' && letter != 'p',
                       letter == 'b' || letter == 'r', letter == 'b'});
  return history;
}

std::string times(int count, const std::string& letters) {
  std::string result;
  for (int i = 0; i < count; ++i) result += letters;
  return result;
}

std::vector<OutcomeSegment> segments_of(const std::string& letters) {
  return OutcomeSegmenter().segments(history_of(letters));
}

TEST(OutcomeSegments, ATestThatNeverChangedIsOneSegment) {
  EXPECT_TRUE(segments_of("").empty());
  for (const std::string& letters :
       {times(1, "p"), times(500, "p"), times(500, "f"), times(60, "pppppfp"), times(9, ".")}) {
    const auto segments = segments_of(letters);
    ASSERT_EQ(segments.size(), 1u);
    EXPECT_EQ(segments[0].last + 1, letters.size());
    EXPECT_FALSE(segments[0].start_low);
  }
}

TEST(OutcomeSegments, BrokenSinceASureCommit) {
  const auto segments = segments_of(times(300, "p") + times(20, "f"));
  ASSERT_EQ(segments.size(), 2u);
  EXPECT_EQ(segments[1].first, 300u);
  // The pass before may have been luck: of a test that fails most of the time, not all of it.
  EXPECT_GE(segments[1].start_low.value(), 299u);
  EXPECT_EQ(segments[1].start_high, 300u);
  EXPECT_GT(segments[1].probability, .9999);
  EXPECT_EQ(segments[1].unexpected.rate, 1);
  EXPECT_GT(segments[1].unexpected.interval.low, .8);
  EXPECT_EQ(segments[0].unexpected.interval.low, 0);
}

// One change alone explains neither half of it, so halving would lose what broke and was mended.
TEST(OutcomeSegments, BrokenAndMended) {
  const auto segments = segments_of(times(400, "p") + times(6, "f") + times(400, "p"));
  ASSERT_EQ(segments.size(), 3u);
  EXPECT_EQ(segments[1].first, 400u);
  EXPECT_EQ(segments[1].last, 405u);
}

TEST(OutcomeSegments, OneFailureIsNoChangeButTwoInARowAfterMonthsAre) {
  EXPECT_EQ(segments_of(times(1000, "p") + "f").size(), 1u);
  EXPECT_EQ(segments_of(times(1000, "p") + "ff").size(), 2u);
  EXPECT_EQ(segments_of(times(10, "p") + "ff").size(), 1u);
}

// A flaky test that begins to fail for good: first tries may hardly change, retries do.
TEST(OutcomeSegments, RetriesTellFlakyFromBroken) {
  const auto segments = segments_of(times(25, "rr") + times(25, "bb"));
  ASSERT_EQ(segments.size(), 2u);
  EXPECT_EQ(segments[1].first, 50u);
  EXPECT_EQ(segments[1].unexpected_after_retry.rate, 1);
  EXPECT_EQ(segments_of(times(25, "ff") + times(25, "ff")).size(), 1u);
}

TEST(OutcomeSegments, TheStartOfAFlakyTimeIsAnInterval) {
  std::mt19937 random(5);
  std::string letters = times(300, "p");
  for (int i = 0; i < 200; ++i) letters += random() % 10 < 2 ? 'f' : 'p';
  const auto segments = segments_of(letters);
  ASSERT_EQ(segments.size(), 2u);
  EXPECT_LT(segments[1].start_low.value(), 300u + 1);
  EXPECT_GE(segments[1].start_high.value(), 300u);
  EXPECT_NEAR(segments[1].unexpected.rate, .2, .08);
}

TEST(OutcomeSegments, WhereNothingRanBelongsToTheSegmentBefore) {
  const auto segments = segments_of(times(50, "p.") + "..." + times(20, "f."));
  ASSERT_EQ(segments.size(), 2u);
  EXPECT_EQ(segments[1].first, 103u);
  EXPECT_LE(segments[1].start_low.value(), 100u) << "it may have begun where nothing ran";
}

TEST(OutcomeSegments, CountsThatContradictThemselvesAreRefused) {
  const OutcomeSegmenter segmenter;
  for (const auto& history : std::vector<std::vector<OutcomeCount>>{{{1, 1, 0, 0, 0}, {1, 1, 0, 0, 0}},
                                                                    {{2, 1, 0, 0, 0}, {1, 1, 0, 0, 0}},
                                                                    {{1, 1, 2, 0, 0}},
                                                                    {{1, -1, 0, 0, 0}},
                                                                    {{1, 3, 1, 2, 0}},
                                                                    {{1, 3, 2, 1, 2}}})
    EXPECT_THROW(segmenter.segments(history), Error);
}

TEST(OutcomeSegments, CutStartsChangeNothingThatIsLikely) {
  std::mt19937 random(9);
  SegmentOptions exact;
  exact.most_starts = 100000;
  for (int test = 0; test < 20; ++test) {
    std::string letters;
    for (const unsigned rate : {50u, 20u, 90u})
      for (int i = 0; i < 300; ++i) letters += random() % 100 < rate ? 'f' : 'p';
    const auto history = history_of(letters);
    const auto a = OutcomeSegmenter().segments(history), b = OutcomeSegmenter(exact).segments(history);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].first, b[i].first);
  }
}

// The bars by simulation, in small; bench/outcome_segments.cpp has the whole.
TEST(OutcomeSegments, FalseChangesAreRareAndIntervalsHold) {
  std::mt19937_64 random(11);
  const OutcomeSegmenter segmenter;
  const auto add = [&](std::string& letters, int count, double rate) {
    for (int i = 0; i < count; ++i) letters += std::generate_canonical<double, 53>(random) < rate ? 'f' : 'p';
  };
  int wrong = 0, found = 0, within = 0;
  for (int test = 0; test < 600; ++test) {
    std::string steady, changed;
    add(steady, 1000, std::vector<double>{.001, .01, .3}[test % 3]);
    wrong += segmenter.segments(history_of(steady)).size() > 1;
    const std::size_t change = 50 + random() % 200;
    add(changed, static_cast<int>(change), .01);
    add(changed, 150, std::vector<double>{.2, .5, 1}[test % 3]);
    const auto segments = segmenter.segments(history_of(changed));
    if (segments.size() != 2) continue;
    ++found;
    within += segments[1].start_low.value() <= change && change <= segments[1].start_high.value();
  }
  EXPECT_LE(wrong, 2);
  EXPECT_GT(found, 500);
  EXPECT_GE(within, found * 97 / 100);
}

TEST(LogGammaTable, AgreesWithTheLibrary) {
  for (const double shift : {.05, .5, .55, 1.0, 30.0}) {
    const LogGammaTable table(shift);
    for (const std::int64_t count : {0, 1, 2, 7, 63, 64, 65, 1000, 8191, 8192, 8193, 1000000}) {
      const double wanted = std::lgamma(static_cast<double>(count) + shift);
      EXPECT_NEAR(table(count), wanted, 1e-11 * std::max(1.0, std::abs(wanted))) << count << " + " << shift;
    }
  }
}

}  // namespace
}  // namespace resident::stats
