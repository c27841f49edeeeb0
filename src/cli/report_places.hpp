// The files that somebody names for reading without a store: a file, all of a folder or of an archive, or "-" for what
// is piped in. Used by every command that reads reports of tools.
#pragma once

#include <base/error.hpp>
#include <functional>
#include <string>

namespace resident {

struct PlacedFile {
  std::string shown;     // how it is called in answers
  std::string content;   // empty where there is a problem
  std::string problem;   // why it could not be read
  bool is_named = true;  // itself, not by the folder or archive it stands in: there, what is no report is passed by
};

// Calls take for each, in order. Throws Error{usage} where nothing is.
void each_placed_file(const std::string& place, const std::function<void(PlacedFile&& file)>& take);

// The error in one line, its hint in brackets.
std::string reason_of(const Error& error);

}  // namespace resident
