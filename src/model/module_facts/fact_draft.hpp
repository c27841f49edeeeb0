// Between module_facts.cpp and the files that fill in its parts.
#pragma once

#include <map>
#include <model/module_facts/module_facts.hpp>

namespace resident {

inline constexpr Timestamp kFactYear = 365 * kDay;

// Figures of all modules while they are being counted. Modules are numbers of the places.
class FactDraft {
 public:
  FactDraft(const Context& its_context, const People& its_people, ModulePlaces& its_places, const ModuleWork& its_work);

  const Context& context;
  const People& people;
  ModulePlaces& places;
  const ModuleWork& work;

  // The modules that stand: number and name.
  const std::vector<std::pair<ModulePlaces::Module, std::string>>& modules() const { return modules_; }
  ModuleFigure& figure(ModulePlaces::Module module, std::string_view key);
  void count(ModulePlaces::Module module, std::string_view key, std::int64_t count, std::optional<std::int64_t> n = {});
  // A share with Wilson's interval; of nothing, lacking with `none`.
  void share(ModulePlaces::Module module, std::string_view key, std::int64_t part, std::int64_t whole,
             std::string_view none);
  // The same reason for all modules.
  void lacking(std::string_view key, const std::string& why);
  bool exists(std::string_view table, std::string_view condition = {}) const;
  void open_items(ModulePlaces::Module module, std::vector<std::int64_t> items) { open_[module] = std::move(items); }
  ModuleFacts take();

 private:
  std::vector<std::pair<ModulePlaces::Module, std::string>> modules_;
  std::map<ModulePlaces::Module, std::map<std::string, ModuleFigure, std::less<>>> figures_;
  std::map<ModulePlaces::Module, std::vector<std::int64_t>> open_;
};

void add_item_facts(FactDraft& draft);      // issues, pull requests, their reviews and CI
void add_code_facts(FactDraft& draft);      // commits, experts, files, lines
void add_measured_facts(FactDraft& draft);  // users, questions, tests, benchmarks

}  // namespace resident
