#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <base/text.hpp>
#include <charconv>
#include <cli/options.hpp>
#include <cmath>
#include <optional>

namespace resident {

namespace {

// How an option is called in a message.
std::string spoken(const CLI::Option& option) {
  if (!option.get_lnames().empty()) return "--" + option.get_lnames().front();
  return option.get_type_name();
}

[[noreturn]] void refuse(const std::string& name, const std::string& value, const std::string& what) {
  throw Error(ErrorKind::usage,
              fmt::format("{}: {} is not {}", name, value.empty() ? "nothing" : one_line(value), what));
}

bool takes_value(const CLI::Option& option) {
  return option.get_items_expected_max() > 0 && option.get_items_expected_min() > 0;
}

const CLI::App* command_of(const CLI::App& app, const std::vector<std::string>& arguments) {
  if (arguments.empty()) return nullptr;
  for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; }))
    if (each->get_name() == arguments.front()) return each;
  return nullptr;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* option : command.get_options())
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

bool is_option_like(const std::string& argument) {
  return argument.size() > 1 && argument.front() == '-';
}

const CLI::Option* find_option(const CLI::App& command, const std::string& argument) {
  return command.get_option_no_throw(argument.substr(0, argument.find('=')));
}

// Walks a command's arguments as they were meant.
class Reading {
 public:
  Reading(const CLI::App& command, const std::vector<std::string>& arguments)
      : command_(command), help_(fmt::format("`resident {} --help` lists the options", command.get_name())) {
    for (const auto* option : command.get_options())
      if (option->get_positional()) places_.push_back(option);
    for (std::size_t i = 1; i < arguments.size() && !problem_; ++i) take(arguments, i);
    if (!problem_) look_for_missing();
  }

  const std::optional<Error>& problem() const { return problem_; }

 private:
  void take(const std::vector<std::string>& arguments, std::size_t& i) {
    const std::string& argument = arguments[i];
    if (argument == "--" && !only_words_) {
      only_words_ = true;
    } else if (only_words_ || !is_option_like(argument)) {
      word(argument);
    } else if (const CLI::Option* option = find_option(command_, argument)) {
      given_.push_back(option);
      const bool has_value = argument.find('=') != std::string::npos;
      if (!takes_value(*option)) {
        if (has_value && option->get_items_expected_max() == 0)
          fail(fmt::format("{} takes no value", spoken(*option)), help_);
      } else if (!has_value && (i + 1 == arguments.size() || find_option(command_, arguments[i + 1]))) {
        fail(fmt::format("{} needs a value", spoken(*option)), fmt::format("as in {}", option_spelling(*option)));
      } else if (!has_value) {
        ++i;
      }
    } else {
      unknown(argument);
    }
  }

  void word(const std::string& text) {
    if (place_ >= places_.size()) {
      fail(fmt::format("{} is one word too many", one_line(text)),
           places_.empty() ? fmt::format("`resident {}` takes options alone; {}", command_.get_name(), help_) : help_);
      return;
    }
    given_.push_back(places_[place_]);
    const int most = places_[place_]->get_items_expected_max();
    if (++words_ >= most) {
      ++place_;
      words_ = 0;
    }
  }

  void unknown(const std::string& argument) {
    const std::string name = argument.substr(0, argument.find('='));
    const std::string nearest = near_miss(name, option_names(command_));
    const bool takes_words =
        std::any_of(places_.begin(), places_.end(), [](const auto* each) { return each->get_type_name() == "WORDS"; });
    std::string hint = nearest.empty() ? help_ : fmt::format("did you mean {}?", nearest);
    if (takes_words)
      hint += fmt::format(" To look for the word: resident {} -- {}", command_.get_name(), one_line(argument));
    fail(fmt::format("`resident {}` has no option {}", command_.get_name(), one_line(name)), hint);
  }

  void look_for_missing() {
    for (const auto* option : command_.get_options()) {
      const bool is_given = std::find(given_.begin(), given_.end(), option) != given_.end();
      if (option->get_required() && !is_given) {
        fail(fmt::format("`resident {}` needs {}", command_.get_name(), option_spelling(*option)),
             fmt::format("{}; {}", option->get_description(), help_));
        return;
      }
      if (!is_given) continue;
      for (const auto* other : option->get_excludes()) {
        if (std::find(given_.begin(), given_.end(), other) == given_.end()) continue;
        fail(fmt::format("{} and {} exclude each other", spoken(*option), spoken(*other)), "give one of them");
        return;
      }
    }
  }

  void fail(const std::string& message, const std::string& hint) {
    if (!problem_) problem_ = Error(ErrorKind::usage, message, hint);
  }

  const CLI::App& command_;
  std::string help_;
  std::vector<const CLI::Option*> places_, given_;
  std::size_t place_ = 0;
  int words_ = 0;
  bool only_words_ = false;
  std::optional<Error> problem_;
};

template <class Number>
std::optional<Number> number_of(const std::string& text) {
  Number number{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

OptionHandle takes_one_of(OptionHandle option, const std::vector<std::string>& values) {
  const auto check = [option, values](const std::string& value) {
    if (std::find(values.begin(), values.end(), value) != values.end()) return std::string();
    const std::string nearest = near_miss(value, values);
    throw Error(ErrorKind::usage,
                option.is_place()
                    ? fmt::format("there is no {} called {}", option.name(), one_line(value))
                    : fmt::format("{}: there is no {}", option.spoken(), value.empty() ? "\"\"" : one_line(value)),
                nearest.empty() ? fmt::format("it is one of {}", fmt::join(values, ", "))
                                : fmt::format("did you mean {}?", nearest));
  };
  return option.check(check, fmt::format("{}", fmt::join(values, "|")));
}

OptionHandle takes_whole_number(OptionHandle option, std::int64_t least, std::int64_t most) {
  return option.check([option, least, most](const std::string& value) {
    const auto number = number_of<std::int64_t>(value);
    if (!number || *number < least || *number > most)
      refuse(option.spoken(), value,
             fmt::format("a whole number from {} to {}", with_thousands(least), with_thousands(most)));
    return std::string();
  });
}

OptionHandle takes_number(OptionHandle option, double least, double most) {
  return option.check([option, least, most](const std::string& value) {
    const auto number = number_of<double>(value);
    if (!number || !std::isfinite(*number) || *number < least || *number > most)
      refuse(option.spoken(), value, fmt::format("a number from {} to {}", least, most));
    return std::string();
  });
}

std::vector<std::string> wanted_fields(const std::string& fields, const std::vector<std::string>& names) {
  if (fields.empty() || fields == "all" || fields == "true") return names;
  std::vector<std::string> wanted;
  for (const auto part : split(fields, ',')) {
    wanted.emplace_back(trim(part));
    if (std::find(names.begin(), names.end(), wanted.back()) != names.end()) continue;
    const std::string nearest = near_miss(wanted.back(), names);
    throw Error(ErrorKind::usage,
                fmt::format("unknown field: {}{}", one_line(wanted.back()),
                            nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest)),
                fmt::format("fields: {}", fmt::join(names, ", ")));
  }
  return wanted;
}

std::string option_spelling(const CLI::Option& option) {
  const bool repeats = option.get_items_expected_max() > 1;
  // "FORMAT:csv|md": the values say more than the name does.
  std::string type = option.get_type_name();
  if (const std::size_t colon = type.find(':'); colon != std::string::npos && colon + 1 < type.size())
    type.erase(0, colon + 1);
  if (option.get_positional()) return type + (repeats ? "…" : "");
  std::string spelling;
  for (const auto& name : option.get_snames()) spelling += (spelling.empty() ? "-" : ", -") + name;
  for (const auto& name : option.get_lnames()) spelling += (spelling.empty() ? "--" : ", --") + name;
  if (takes_value(option)) spelling += " " + type;
  return spelling;
}

std::vector<std::string> words_behind_dashes(const CLI::App& app, std::vector<std::string> arguments) {
  const CLI::App* command = command_of(app, arguments);
  if (!command || !command->get_option_no_throw("words")) return arguments;
  const std::vector<std::string> names = option_names(*command);
  std::vector<std::string> options{arguments.front()}, words;
  bool is_needed = false;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") {
      words.insert(words.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
      break;
    }
    if (!is_option_like(argument)) {
      words.push_back(argument);
    } else if (const CLI::Option* option = find_option(*command, argument)) {
      options.push_back(argument);
      if (takes_value(*option) && argument.find('=') == std::string::npos && i + 1 < arguments.size())
        options.push_back(arguments[++i]);
    } else {
      if (!near_miss(argument.substr(0, argument.find('=')), names).empty()) return arguments;
      is_needed = true;
      words.push_back(argument);
    }
  }
  if (!is_needed) return arguments;
  options.emplace_back("--");
  options.insert(options.end(), words.begin(), words.end());
  return options;
}

std::optional<Error> slip_in(const CLI::App& app, const std::vector<std::string>& arguments) {
  const CLI::App* command = command_of(app, arguments);
  return command ? Reading(*command, arguments).problem() : std::nullopt;
}

Error usage_error(const CLI::App& app, const std::vector<std::string>& arguments) {
  const char* help = "`resident --help` lists the commands";
  if (arguments.empty()) return {ErrorKind::usage, "a command is missing", help};
  const CLI::App* command = command_of(app, arguments);
  if (!command) {
    if (is_option_like(arguments.front()))
      return {ErrorKind::usage, fmt::format("there is no option {} before the command", one_line(arguments.front())),
              "options stand behind the command: resident COMMAND --project NAME"};
    std::vector<std::string> names;
    for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; }))
      names.push_back(each->get_name());
    const std::string nearest = near_miss(arguments.front(), names);
    return {ErrorKind::usage, fmt::format("there is no command called {}", one_line(arguments.front())),
            nearest.empty() ? help : fmt::format("did you mean {}?", nearest)};
  }
  if (auto slip = slip_in(app, arguments)) return *std::move(slip);
  return {ErrorKind::usage, fmt::format("`resident {}` does not understand that", command->get_name()),
          fmt::format("`resident {} --help` lists the options", command->get_name())};
}

}  // namespace resident
