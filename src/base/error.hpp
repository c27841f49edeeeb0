// The one exception of the program. Whatever fails says what failed, why, and
// what to do next; main() prints it and turns the kind into the exit code.
// Absent values are std::optional; bugs are assertions; neither is an Error.
#pragma once

#include <stdexcept>
#include <string>

namespace resident {

enum class ErrorKind {
  failed,          // exit code 1
  usage,           // 2: the call was wrong
  gate,            // 3: a gate tripped
  authentication,  // 4
  incomplete,      // 5: a rerun resumes
  interrupted,     // 130
};

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message, std::string hint = {})
      : std::runtime_error(message), kind_(kind), hint_(std::move(hint)) {}
  explicit Error(const std::string& message, std::string hint = {})
      : Error(ErrorKind::failed, message, std::move(hint)) {}

  ErrorKind kind() const { return kind_; }
  // What to do next; may be empty.
  const std::string& hint() const { return hint_; }
  int exit_code() const;

 private:
  ErrorKind kind_;
  std::string hint_;
};

}  // namespace resident
