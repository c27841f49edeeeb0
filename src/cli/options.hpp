// What the values of options may be, and what is wrong with a command line that cannot be understood, in our own words:
// the library that reads command lines has others in each of its versions. A value is checked while the line is read,
// so before anything is computed; what is wrong is an Error{usage} that names the nearest right one.
#pragma once

#include <base/error.hpp>
#include <cli/option_set.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace resident {

OptionHandle takes_one_of(OptionHandle option, const std::vector<std::string>& values);
OptionHandle takes_whole_number(OptionHandle option, std::int64_t least, std::int64_t most);
OptionHandle takes_number(OptionHandle option, double least, double most);

// The fields that --json=FIELDS names, of those there are; all of them for "", "all" and "true".
std::vector<std::string> wanted_fields(const std::string& fields, const std::vector<std::string>& names);

// As help and manual show an option: "--db FILE|URL", "-h, --help", "WORDS…".
std::string option_spelling(const CLI::Option& option);

// Of commands that take words (search, ask): a word that begins with a dash is a word unless it is, or is nearly, one
// of the command's options; then it stands behind "--". Anything else comes back as it was.
std::vector<std::string> words_behind_dashes(const CLI::App& app, std::vector<std::string> arguments);

// An option that is not there, a word too many, what is missing: it goes before a value that cannot be, which may be
// of the wrong option then. Nothing where there is none.
std::optional<Error> slip_in(const CLI::App& app, const std::vector<std::string>& arguments);

// What is wrong with arguments that the library refused.
Error usage_error(const CLI::App& app, const std::vector<std::string>& arguments);

}  // namespace resident
