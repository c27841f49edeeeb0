// What is known of each module beside its hours: demand, cost, capacity, health and momentum, of all modules in one go,
// as of the beginning of a day, and kept (framework/learnt.hpp). Each figure says what it was counted from; what the
// store cannot know is lacking, with the reason and what would bring it, and never 0.
#pragma once

#include <model/module_work.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

enum class ModulePart { demand, cost, capacity, health, momentum };
std::string_view name_of(ModulePart part);

// What kind of number a figure is, so that all views write it alike.
enum class FigureKind { count, number, share, days, hours };

struct FigureDefinition {
  std::string_view key;  // snake_case
  ModulePart part;
  std::string_view title;  // for people
  FigureKind kind;
  std::string_view definition;
};
// In the order in which they are shown.
const std::vector<FigureDefinition>& figure_definitions();

struct ModuleFigure {
  std::string key;
  std::optional<double> value, low, high;  // low, high: 95 %
  std::optional<double> before;            // the same a year earlier
  std::optional<std::int64_t> n;           // counted from so many
  std::string lacking;                     // why there is no value; "": there is
  std::string words;                       // what belongs to it: names of files
  std::vector<std::int64_t> people;        // best first
};

struct ModuleFacts {
  struct Module {
    std::string name;
    std::vector<ModuleFigure> figures;
    std::vector<std::int64_t> open_items;  // ids, those that wait longest first
    const ModuleFigure* find(std::string_view key) const;
  };
  Timestamp moment = 0;
  std::vector<Module> modules;  // that stand
  std::string places;           // how items were put to modules, with counts
  const Module* find(const std::string& name) const;
};

ModuleFacts load_module_facts(const Context& context, const People& people, ModulePlaces& places,
                              const ModuleWork& work);
std::string pack_module_facts(const ModuleFacts& facts);
ModuleFacts unpack_module_facts(std::string_view bytes);  // throws Error where the bytes are not such

struct ModuleBook {
  ModuleWork work;
  ModuleFacts facts;
};
ModuleBook kept_module_book(const Context& context, const People& people);

}  // namespace resident
