#include <algorithm>
#include <base/text.hpp>
#include <store/benchmark_units.hpp>

namespace resident::benchmarks {

namespace {

// A unit that is none of these, bounded.
std::string word_of(std::string_view text) {
  return std::string(trim(one_line(clean_text(text, 60))));
}

struct Known {
  std::string_view word, base;
  double factor;
};

constexpr Known kTimes[] = {{"ns", "s", 1e-9},
                            {"nsec", "s", 1e-9},
                            {"nanoseconds", "s", 1e-9},
                            {"nanosecond", "s", 1e-9},
                            {"us", "s", 1e-6},
                            {"usec", "s", 1e-6},
                            {"µs", "s", 1e-6},
                            {"μs", "s", 1e-6},
                            {"microseconds", "s", 1e-6},
                            {"microsecond", "s", 1e-6},
                            {"ms", "s", 1e-3},
                            {"msec", "s", 1e-3},
                            {"msecs", "s", 1e-3},
                            {"milliseconds", "s", 1e-3},
                            {"millisecond", "s", 1e-3},
                            {"s", "s", 1},
                            {"sec", "s", 1},
                            {"secs", "s", 1},
                            {"second", "s", 1},
                            {"seconds", "s", 1},
                            {"m", "s", 60},
                            {"min", "s", 60},
                            {"minutes", "s", 60},
                            {"h", "s", 3600},
                            {"ps", "s", 1e-12},
                            {"picoseconds", "s", 1e-12},
                            {"usecs", "s", 1e-6}};
constexpr double kK = 1024;
constexpr Known kSizes[] = {{"b", "B", 1},
                            {"byte", "B", 1},
                            {"bytes", "B", 1},
                            {"kib", "B", kK},
                            {"mib", "B", kK* kK},
                            {"gib", "B", kK* kK* kK},
                            {"tib", "B", kK* kK* kK* kK},
                            {"kb", "B", 1e3},
                            {"mb", "B", 1e6},
                            {"gb", "B", 1e9},
                            {"tb", "B", 1e12},
                            {"bit", "bit", 1},
                            {"bits", "bit", 1},
                            {"kbit", "bit", 1e3},
                            {"mbit", "bit", 1e6},
                            {"mbits", "bit", 1e6},
                            {"gbit", "bit", 1e9},
                            {"gbits", "bit", 1e9}};
constexpr Known kCounts[] = {{"count", "count", 1}, {"integer", "count", 1}, {"", "", 1},
                             {"%", "%", 1},         {"percent", "%", 1},     {"percentage", "%", 1}};
constexpr Known kEvents[] = {
    {"ops", "1/s", 1},      {"op", "1/s", 1},         {"operations", "1/s", 1}, {"items", "1/s", 1}, {"iter", "1/s", 1},
    {"requests", "1/s", 1}, {"req", "1/s", 1},        {"elements", "1/s", 1},   {"elem", "1/s", 1},  {"1", "1/s", 1},
    {"itr", "1/s", 1},      {"iterations", "1/s", 1}, {"calls", "1/s", 1}};

template <std::size_t N>
const Known* known(const Known (&list)[N], std::string_view word) {
  const auto* const found = std::find_if(list, list + N, [&](const Known& each) { return each.word == word; });
  return found == list + N ? nullptr : found;
}

// Of what is left of the slash; nothing where the word is none we know.
std::optional<Unit> plain_unit(std::string_view word) {
  const std::string lower = to_lower(word);
  if (const Known* time = known(kTimes, lower); time != nullptr) return Unit{std::string(time->base), time->factor};
  if (const Known* size = known(kSizes, lower); size != nullptr) return Unit{std::string(size->base), size->factor};
  if (const Known* count = known(kCounts, lower); count != nullptr) return Unit{std::string(count->base), 1};
  return std::nullopt;
}

}  // namespace

Unit unit_of(std::string_view text) {
  text = trim(text);
  const std::string lower = to_lower(text);
  if (lower == "hz" || lower == "rps" || lower == "tps" || lower == "qps" || lower == "iops") return {"1/s", 1};
  if (lower == "bps") return {"bit/s", 1};
  std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    if (const auto plain = plain_unit(text)) return *plain;
    return {word_of(text), 1};
  }
  const std::string above = lower.substr(0, slash), below = lower.substr(slash + 1);
  const Known* per = known(kTimes, below);
  if (per != nullptr) {
    if (const Known* size = known(kSizes, above); size != nullptr)
      return {std::string(size->base) + "/s", size->factor / per->factor};
    if (const Known* event = known(kEvents, above); event != nullptr) return {"1/s", 1 / per->factor};
    return {per->factor == 1 ? std::string(text.substr(0, slash)) + "/s" : word_of(text), 1};
  }
  // "ns/op", "B/op", "s/iter": of one operation, as all figures here are.
  if (const auto plain = plain_unit(text.substr(0, slash)); plain && !above.empty()) return *plain;
  return {word_of(text), 1};
}

std::optional<Better> usual_direction(const Unit& unit) {
  if (unit.name == "s" || unit.name == "B" || unit.name == "allocs/op") return Better::lower;
  if (unit.name.ends_with("/s")) return Better::higher;
  return std::nullopt;
}

std::string direction_of(std::string_view stored, std::string_view unit) {
  if (!stored.empty()) return std::string(stored);
  const auto usual = usual_direction(unit_of(unit));
  return !usual ? "" : *usual == Better::lower ? "lower" : "higher";
}

}  // namespace resident::benchmarks
