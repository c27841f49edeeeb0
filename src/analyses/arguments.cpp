#include <fmt/format.h>

#include <analyses/arguments.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>

namespace resident {

std::int64_t number_argument(const Context& context, const std::string& name, std::int64_t fallback, std::int64_t low,
                             std::int64_t high) {
  const std::string text = context.argument(name);
  if (text.empty()) return fallback;
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size() || number < low || number > high)
    throw Error(ErrorKind::usage,
                fmt::format("--{}: {} is not a number from {} to {}", name, one_line(text), low, high),
                fmt::format("without it, {} is taken", fallback));
  return number;
}

std::optional<Timestamp> time_argument(const Context& context, const std::string& name) {
  const std::string text = context.argument(name);
  if (text.empty()) return std::nullopt;
  const auto time = parse_time(text);
  if (!time) throw Error(ErrorKind::usage, fmt::format("--{} takes a date like 2024-01-31", name));
  return time;
}

}  // namespace resident
