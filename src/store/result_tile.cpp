#include <algorithm>
#include <base/compression.hpp>
#include <base/error.hpp>
#include <base/packed.hpp>
#include <base/text.hpp>
#include <cmath>
#include <store/result_tile.hpp>

namespace resident {

namespace {

constexpr std::uint64_t kVersion = 1;
constexpr double kSmallest = 1e-6, kStepsAnOctave = 7;

void pack_state(Packer& packer, const TestState& state) {
  packer.whole(state.attempts.size());
  for (const auto outcome : state.attempts) packer.whole(static_cast<std::uint64_t>(outcome));
  packer.whole(static_cast<std::uint64_t>(state.message_id));
}

TestState unpack_state(Unpacker& unpacker) {
  TestState state;
  const std::size_t attempts = unpacker.count(1);
  for (std::size_t i = 0; i < attempts; ++i) {
    const std::uint64_t outcome = unpacker.whole();
    if (outcome >= ci::kOutcomes) throw Error("packed results of tests have an outcome that there is not");
    state.attempts.push_back(static_cast<ci::Outcome>(outcome));
  }
  state.message_id = static_cast<std::int64_t>(unpacker.whole());
  return state;
}

// What stands before the results.
struct Head {
  std::vector<std::int64_t> runs;
  std::vector<TestState> states;
  std::size_t tests = 0;
};

Head unpack_head(Unpacker& unpacker) {
  if (unpacker.whole() != kVersion) throw Error("packed results of tests are of a newer program");
  Head head;
  head.runs.resize(unpacker.count(1));
  std::int64_t run = 0;
  for (auto& each : head.runs) each = run += static_cast<std::int64_t>(unpacker.whole());
  head.states.resize(unpacker.count(2));
  for (auto& each : head.states) each = unpack_state(unpacker);
  head.tests = unpacker.count(1);
  return head;
}

}  // namespace

std::uint8_t pack_duration(std::optional<double> seconds) {
  if (!seconds || *seconds < 0 || !std::isfinite(*seconds)) return 0;
  if (*seconds <= kSmallest) return 1;
  return static_cast<std::uint8_t>(
      std::clamp(1 + std::lround(std::log2(*seconds / kSmallest) * kStepsAnOctave), 1L, 255L));
}

std::optional<double> unpack_duration(std::uint8_t packed) {
  if (packed == 0) return std::nullopt;
  return kSmallest * std::exp2((packed - 1) / kStepsAnOctave);
}

std::string pack_tile(const Tile& tile) {
  Packer packer;
  packer.whole(kVersion);
  packer.whole(tile.runs.size());
  std::int64_t before = 0;
  for (const auto run : tile.runs) packer.whole(static_cast<std::uint64_t>(run - before)), before = run;
  packer.whole(tile.states.size());
  for (const auto& state : tile.states) pack_state(packer, state);
  std::size_t tests = 0;
  for (std::size_t i = 0; i < tile.results.size(); ++i)
    tests += i == 0 || tile.results[i].test != tile.results[i - 1].test ? 1 : 0;
  packer.whole(tests);
  // Of each test: its number, then (state + 1, how many runs); 0 is "not in these runs".
  std::vector<std::uint8_t> durations;
  durations.reserve(tile.results.size());
  for (std::size_t i = 0; i < tile.results.size();) {
    const std::uint8_t test = tile.results[i].test;
    packer.whole(test);
    std::uint64_t same = 0, count = 0;
    std::uint32_t next_run = 0;
    const auto put = [&](std::uint64_t code, std::uint64_t runs) {
      if (runs == 0) return;
      if (code != same && count) packer.whole(same), packer.whole(count), count = 0;
      same = code, count += runs;
    };
    for (; i < tile.results.size() && tile.results[i].test == test; ++i) {
      const TileResult& result = tile.results[i];
      put(0, result.run - next_run);
      put(result.state + 1, 1);
      next_run = result.run + 1;
      durations.push_back(result.duration);
    }
    put(0, tile.runs.size() - next_run);
    packer.whole(same), packer.whole(count);
  }
  packer.numbers(durations);
  return compress(packer.take());
}

void read_tile(std::string_view bytes, int test,
               const std::function<void(std::int64_t, std::uint8_t, const TestState&, std::uint8_t)>& each) {
  const std::string plain = decompress(bytes);
  Unpacker unpacker(plain);
  const Head head = unpack_head(unpacker);
  struct Stretch {
    std::uint8_t test;
    std::uint64_t code, first, count;
  };
  std::vector<Stretch> stretches;
  std::size_t results = 0, skipped = 0;  // skipped: results of the tests before the wanted one
  for (std::size_t i = 0; i < head.tests; ++i) {
    const std::uint64_t number = unpacker.whole();
    if (number > 255) throw Error("packed results of tests are broken");
    const bool wanted = test < 0 || number == static_cast<std::uint64_t>(test);
    for (std::uint64_t run = 0; run < head.runs.size();) {
      const std::uint64_t code = unpacker.whole(), count = unpacker.whole();
      if (count == 0 || count > head.runs.size() - run || code > head.states.size())
        throw Error("packed results of tests are broken");
      if (code != 0 && wanted) stretches.push_back({static_cast<std::uint8_t>(number), code, run, count});
      if (code != 0 && !wanted && stretches.empty()) skipped += count;
      if (code != 0) results += count;
      run += count;
    }
  }
  const auto durations = unpacker.numbers<std::uint8_t>();
  unpacker.finish();
  if (durations.size() != results) throw Error("packed results of tests are broken");
  std::size_t at = skipped;
  for (const auto& stretch : stretches)
    for (std::uint64_t i = 0; i < stretch.count; ++i)
      each(head.runs[stretch.first + i], stretch.test, head.states[stretch.code - 1], durations[at++]);
}

Tile unpack_tile(std::string_view bytes) {
  Tile tile;
  {
    const std::string plain = decompress(bytes);
    Unpacker unpacker(plain);
    Head head = unpack_head(unpacker);
    tile.runs = std::move(head.runs);
    tile.states = std::move(head.states);
  }
  std::uint32_t run = 0, state = 0;
  read_tile(bytes, -1, [&](std::int64_t number, std::uint8_t test, const TestState& found, std::uint8_t duration) {
    if (run >= tile.runs.size() || tile.runs[run] > number) run = 0;
    while (tile.runs[run] < number) ++run;
    if (state >= tile.states.size() || !(tile.states[state] == found))
      state =
          static_cast<std::uint32_t>(std::find(tile.states.begin(), tile.states.end(), found) - tile.states.begin());
    tile.results.push_back({run, state, test, duration});
  });
  return tile;
}

std::string attempts_text(const std::vector<ci::Outcome>& attempts) {
  std::string text;
  for (const auto outcome : attempts) text += (text.empty() ? "" : " ") + std::string(ci::outcome_name(outcome));
  return text;
}

std::vector<ci::Outcome> attempts_of_text(std::string_view text) {
  std::vector<ci::Outcome> attempts;
  for (const auto word : split(text, ' '))
    if (const auto outcome = ci::outcome_of_name(word)) attempts.push_back(*outcome);
  return attempts;
}

bool is_notable(const std::vector<ci::Outcome>& attempts) {
  return std::any_of(attempts.begin(), attempts.end(), [](ci::Outcome outcome) {
    return ci::is_failure(outcome) || outcome == ci::Outcome::xpass || outcome == ci::Outcome::flaky ||
           outcome == ci::Outcome::missing;
  });
}

}  // namespace resident
