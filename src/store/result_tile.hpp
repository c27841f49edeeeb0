// Results of tests as they are packed: a tile has what up to 256 tests came to in some runs of one configuration, test
// after test, each in the order of the runs. What repeats is counted, not repeated (nearly every result is a pass, as
// the one before), durations are a byte on a scale of ratios, and zstd goes over the whole: about a byte a result. Pure
// bytes: no store.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <store/test_result.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

// What a test came to in one run.
struct TestState {
  std::vector<ci::Outcome> attempts;  // in order, never empty
  std::int64_t message_id = 0;        // test_message; 0: none
  ci::Outcome outcome() const { return ci::outcome_of(attempts); }
  bool operator==(const TestState&) const = default;
};

// Seconds as a byte: 0 is "not told", the rest are steps of 2^(1/7) from a microsecond (at most 5 % off) to 23 hours.
std::uint8_t pack_duration(std::optional<double> seconds);
std::optional<double> unpack_duration(std::uint8_t packed);

struct TileResult {
  std::uint32_t run = 0;    // index in Tile::runs
  std::uint32_t state = 0;  // index in Tile::states
  std::uint8_t test = 0;    // within its group
  std::uint8_t duration = 0;
};

struct Tile {
  std::vector<std::int64_t> runs;   // numbers, rising
  std::vector<TestState> states;    // each once
  std::vector<TileResult> results;  // by test, then run; a test has one a run
};

std::string pack_tile(const Tile& tile);
// Throws Error where the bytes are broken.
Tile unpack_tile(std::string_view bytes);
// The results of one test alone, or of all where test is below 0, in order.
void read_tile(std::string_view bytes, int test,
               const std::function<void(std::int64_t run, std::uint8_t test, const TestState& state,
                                        std::uint8_t duration)>& each);

// Tests of one run with any try that was not as wished: failed, died, passed though expected to fail.
struct StoredFailure {
  std::int64_t test_id = 0;
  TestState state;
};
// "fail pass", and back; a word that is none is left out.
std::string attempts_text(const std::vector<ci::Outcome>& attempts);
std::vector<ci::Outcome> attempts_of_text(std::string_view text);
// Whether it belongs there.
bool is_notable(const std::vector<ci::Outcome>& attempts);

}  // namespace resident
