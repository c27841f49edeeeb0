#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <framework/arguments.hpp>
#include <store/identities.hpp>

namespace resident {

std::optional<Timestamp> time_argument(const Context& context, const std::string& name) {
  const std::string text = context.argument(name);
  if (text.empty()) return std::nullopt;
  const auto time = parse_time(text);
  if (!time)
    throw Error(ErrorKind::usage, fmt::format("--{}: {} is not a date", name, one_line(text)),
                "write it like 2024-01-31, or 2024-01-31T10:00:00Z");
  return time;
}

std::string one_of_argument(const Context& context, const std::string& name, const std::vector<std::string>& values) {
  return context.argument(name).empty() ? std::string() : context.choice(name, values);
}

std::int64_t person_argument(const Context& context, const std::string& name, const std::string& configured) {
  const std::string given = context.argument(name), who = given.empty() ? configured : given;
  if (who.empty()) return 0;
  // The login that a person is shown by comes before the other accounts and names.
  if (const auto person = context.database.integer(
          "SELECT min(person_id) FROM person WHERE project_id = :project AND lower(login) = :login",
          {{"project", context.project_id}, {"login", to_lower(who)}}))
    return *person;
  try {
    return find_person(context.database, context.project_id, who);
  } catch (const Error& error) {
    if (given.empty()) return 0;
    throw Error(error.kind(), fmt::format("--{}: {}", name, error.what()), error.hint());
  }
}

std::int64_t item_argument(const Context& context, std::string_view what) {
  constexpr std::int64_t kLargest = 4'000'000'000;
  const std::string text = context.argument("number");
  const std::string_view digits = std::string_view(text).substr(text.starts_with('#') ? 1 : 0);
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failure == std::errc() && end == digits.data() + digits.size() && number > 0 && number <= kLargest) return number;
  throw Error(ErrorKind::usage,
              text.empty() ? fmt::format("{} needs the number of an item", what)
                           : fmt::format("{}: {} is not the number of an item", what, one_line(text)),
              "give it as 12 or #12");
}

Error no_such_item(const Context& context, std::string_view kind, std::int64_t number) {
  const bool is_pull = kind == "pull";
  const std::string_view name = is_pull ? "pull request" : "issue";
  const auto rows = context.database.query(
      "SELECT kind, created_at, closed_at, merged_at FROM item WHERE project_id = :project AND number = :number ORDER "
      "BY CASE WHEN kind = :kind THEN 0 ELSE 1 END",
      {{"project", context.project_id}, {"number", number}, {"kind", std::string(kind)}});
  if (!rows->next())
    return {ErrorKind::usage, fmt::format("there is no {} #{}", name, number),
            fmt::format("`resident {}` lists those that are open", is_pull ? "review" : "triage")};
  if (rows->text(0) != kind)
    return {ErrorKind::usage,
            fmt::format("#{} is {}, not {}", number, is_pull ? "an issue" : "a pull request",
                        is_pull ? "a pull request" : "an issue"),
            fmt::format("`resident {} show {}` looks at it", is_pull ? "triage" : "review", number)};
  const Timestamp created = rows->integer(1);
  if (created > context.as_of)
    return {ErrorKind::usage, fmt::format("#{} was opened only on {}", number, format_date(created)),
            fmt::format("--as-of {} shows it", format_date(created + kDay))};
  const auto closed = rows->optional_integer(2), merged = rows->optional_integer(3);
  return {ErrorKind::usage,
          fmt::format("#{} is not open any more{}", number,
                      merged   ? " (merged on " + format_date(*merged) + ")"
                      : closed ? " (closed on " + format_date(*closed) + ")"
                               : ""),
          fmt::format("--as-of {} shows it as it was", format_date(created + kDay))};
}

}  // namespace resident
