// Units of benchmark results, as tools and people write them, and which way is better.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace resident::benchmarks {

enum class Better { lower, higher };

struct Unit {
  std::string name;   // s, B, B/s, bit/s, 1/s, count, %, or the tool's own word; "" where nobody says
  double factor = 1;  // what a number of the file is multiplied by
};
// Of a unit as tools write it: "ns", "ms/op", "msec", "MiB/sec", "ops/s". An unknown word is its own unit.
Unit unit_of(std::string_view text);
// Times, sizes and counts of instructions: lower; rates: higher; nothing where it has to be asked.
std::optional<Better> usual_direction(const Unit& unit);
// What the store has, else the usual one: "lower", "higher", "" where it has to be asked.
std::string direction_of(std::string_view stored, std::string_view unit);

}  // namespace resident::benchmarks
