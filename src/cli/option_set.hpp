// The options of one command, as commands declare them: a face before the library that reads command lines (CLI11), so
// that its templates are compiled in one file instead of in every command's. Names and meaning are the library's: see
// its manual for the forms of names ("--json{all}") and for what each call does.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace resident {

// One option that was declared; calls can be chained.
class OptionHandle {
 public:
  explicit OptionHandle(CLI::Option* option) : option_(option) {}
  OptionHandle* operator->() { return this; }
  const OptionHandle* operator->() const { return this; }

  OptionHandle type_name(const std::string& name);
  OptionHandle required(bool is_required = true);
  OptionHandle capture_default_str();
  OptionHandle excludes(const std::string& other);
  OptionHandle allow_extra_args(bool allows);
  // What is wrong with a value, "" where nothing is. values: how the values are shown in the help; "": not.
  OptionHandle check(const std::function<std::string(const std::string&)>& what_is_wrong,
                     const std::string& values = {});
  // How often it was given.
  std::size_t count() const;
  // Given by its place rather than by a name.
  bool is_place() const;
  std::string name() const;    // as help calls it
  std::string spoken() const;  // in a message: "--limit", or for a place what it takes

 private:
  CLI::Option* option_;
};

class OptionSet {
 public:
  explicit OptionSet(CLI::App& app) : app_(app) {}

  OptionHandle add_option(const std::string& names, std::string& into, const std::string& description);
  OptionHandle add_option(const std::string& names, std::optional<std::string>& into, const std::string& description);
  OptionHandle add_option(const std::string& names, std::vector<std::string>& into, const std::string& description);
  OptionHandle add_option(const std::string& names, int& into, const std::string& description);
  OptionHandle add_option(const std::string& names, std::int64_t& into, const std::string& description);
  OptionHandle add_option(const std::string& names, std::uint64_t& into, const std::string& description);
  OptionHandle add_option(const std::string& names, unsigned& into, const std::string& description);
  OptionHandle add_option(const std::string& names, double& into, const std::string& description);
  OptionHandle add_option(const std::string& names, std::optional<double>& into, const std::string& description);
  OptionHandle add_option(const std::string& names, std::optional<std::int64_t>& into, const std::string& description);
  OptionHandle add_option_function(const std::string& names, const std::function<void(const std::string&)>& take,
                                   const std::string& description);
  OptionHandle add_flag(const std::string& names, bool& into, const std::string& description);
  OptionHandle add_flag(const std::string& names, std::string& into, const std::string& description);
  OptionHandle add_flag_callback(const std::string& names, const std::function<void()>& take,
                                 const std::string& description);
  void footer(const std::string& text);
  void allow_extras(bool allows);

 private:
  CLI::App& app_;
};

}  // namespace resident
