#include <CLI/CLI.hpp>
#include <cli/option_set.hpp>

namespace resident {

OptionHandle OptionHandle::type_name(const std::string& name) {
  return OptionHandle(option_->type_name(name));
}

OptionHandle OptionHandle::required(bool is_required) {
  return OptionHandle(option_->required(is_required));
}

OptionHandle OptionHandle::capture_default_str() {
  return OptionHandle(option_->capture_default_str());
}

OptionHandle OptionHandle::excludes(const std::string& other) {
  return OptionHandle(option_->excludes(other));
}

OptionHandle OptionHandle::allow_extra_args(bool allows) {
  return OptionHandle(option_->allow_extra_args(allows));
}

OptionHandle OptionHandle::check(const std::function<std::string(const std::string&)>& what_is_wrong,
                                 const std::string& values) {
  return OptionHandle(option_->check(what_is_wrong, values));
}

std::size_t OptionHandle::count() const {
  return option_->count();
}

bool OptionHandle::is_place() const {
  return option_->get_lnames().empty();
}

std::string OptionHandle::name() const {
  return option_->get_name(true);
}

std::string OptionHandle::spoken() const {
  return is_place() ? option_->get_type_name() : "--" + option_->get_lnames().front();
}

OptionHandle OptionSet::add_option(const std::string& names, std::string& into, const std::string& description) {
  return OptionHandle(app_.add_option(names, into, description));
}

OptionHandle OptionSet::add_option(const std::string& names, std::optional<std::string>& into,
                                   const std::string& description) {
  return OptionHandle(app_.add_option(names, into, description));
}

OptionHandle OptionSet::add_option(const std::string& names, std::vector<std::string>& into,
                                   const std::string& description) {
  return OptionHandle(app_.add_option(names, into, description));
}

OptionHandle OptionSet::add_option(const std::string& names, int& into, const std::string& description) {
  return OptionHandle(app_.add_option(names, into, description));
}

OptionHandle OptionSet::add_option(const std::string& names, std::int64_t& into, const std::string& description) {
  return OptionHandle(app_.add_option(names, into, description));
}

OptionHandle OptionSet::add_option(const std::string& names, std::uint64_t& into, const std::string& description) {
  return OptionHandle(app_.add_option(names, into, description));
}

OptionHandle OptionSet::add_option(const std::string& names, unsigned& into, const std::string& description) {
  return OptionHandle(app_.add_option(names, into, description));
}

OptionHandle OptionSet::add_option(const std::string& names, double& into, const std::string& description) {
  return OptionHandle(app_.add_option(names, into, description));
}

OptionHandle OptionSet::add_option(const std::string& names, std::optional<double>& into,
                                   const std::string& description) {
  return OptionHandle(app_.add_option(names, into, description));
}

OptionHandle OptionSet::add_option(const std::string& names, std::optional<std::int64_t>& into,
                                   const std::string& description) {
  return OptionHandle(app_.add_option(names, into, description));
}

OptionHandle OptionSet::add_option_function(const std::string& names,
                                            const std::function<void(const std::string&)>& take,
                                            const std::string& description) {
  return OptionHandle(app_.add_option_function<std::string>(names, take, description));
}

OptionHandle OptionSet::add_flag(const std::string& names, bool& into, const std::string& description) {
  return OptionHandle(app_.add_flag(names, into, description));
}

OptionHandle OptionSet::add_flag(const std::string& names, std::string& into, const std::string& description) {
  return OptionHandle(app_.add_flag(names, into, description));
}

OptionHandle OptionSet::add_flag_callback(const std::string& names, const std::function<void()>& take,
                                          const std::string& description) {
  return OptionHandle(app_.add_flag_callback(names, take, description));
}

void OptionSet::footer(const std::string& text) {
  app_.footer(text);
}

void OptionSet::allow_extras(bool allows) {
  app_.allow_extras(allows);
}

}  // namespace resident
