// The work of each module, quarter by quarter back from a moment: what came, what was closed, what was open, and hours
// of work by person. What the need of modules is learnt from (learn/module_need.hpp) and the dossier draws.
//
// Everything stands in the quarter in which it could be known: an issue that only a later commit puts to a module comes
// in when that commit did. So what a look from an earlier moment sees is what it would have seen then. (Modules are cut
// as they are today, and people joined as they are today.)
//
// Hours are estimated as `resident effort` does (sessions of all acts; docs/guide/effort.md) and put in equal parts to
// the modules that an act was about. What comes and is closed counts in the same parts.
#pragma once

#include <model/module_places.hpp>
#include <stats/work_sessions.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

inline constexpr Timestamp kWorkQuarter = 365 * kDay / 4;
inline constexpr std::size_t kQuartersAYear = 4, kMostQuarters = 48;

// `resident effort`'s own way of counting, which this must agree with.
inline constexpr stats::SessionRule kWorkSessions{2 * kHour, kHour / 2, kHour / 2};

struct ModuleWork {
  // Hours of one person in one module; quarters ascending, 0 is the newest.
  struct Worker {
    std::int64_t person = 0;
    std::vector<std::uint8_t> quarters;
    std::vector<double> hours;  // as many
  };
  // By quarter, all as long as quarters.
  struct Module {
    std::string name;
    bool stands = false;                     // has files in the newest tree
    std::vector<double> arrivals, resolved;  // items opened (again), items closed
    std::vector<double> open;                // items, at the quarter's end
    std::vector<double> changes;             // commits
    std::vector<double> hours;
    std::int64_t dependents = 0;  // modules that change with it (kLeastTogether, kLeastConfidence)
    std::vector<Worker> workers;
  };

  Timestamp moment = 0;      // the newest quarter ends here
  std::size_t quarters = 0;  // known of, at most kMostQuarters
  bool has_items = false;    // else no tracker is known, and commits are all there is
  std::vector<Module> modules;
  std::unordered_map<std::int64_t, std::uint64_t> active;  // by person: a bit for each quarter with an act anywhere
  // Of the last year, how much is known to be of some module.
  double hours_all = 0, hours_placed = 0;
  std::int64_t items_all = 0, items_placed = 0;

  Timestamp start_of(std::size_t quarter) const { return moment - static_cast<Timestamp>(quarter + 1) * kWorkQuarter; }
  const Module* find(const std::string& name) const;
};

// A module changes with another where so many commits touched both in three years, which are at least this share of
// those that touched the one (logical coupling: Gall, Hajek & Jazayeri, ICSM 1998; confidence as in Zimmermann et al.,
// ICSE 2004). Commits over more than kMostTogether modules say nothing.
inline constexpr int kLeastTogether = 5, kMostTogether = 10;
inline constexpr double kLeastConfidence = 0.2;

// Nothing later than the moment (the context's) is seen.
ModuleWork load_module_work(const Context& context, const People& people, ModulePlaces& places);

std::string pack_module_work(const ModuleWork& work);
ModuleWork unpack_module_work(std::string_view bytes);  // throws Error where the bytes are not such

// The first second of the context's day (UTC): what modules are looked at as of, so that a day's answers are one.
Timestamp module_moment(const Context& context);
Context at_module_moment(const Context& context);
// What figures of modules depend on: with another it is worth nothing.
std::string module_basis(const Context& context, std::string_view form);
// Kept in the store by day (framework/learnt.hpp), made where it is not.
ModuleWork kept_module_work(const Context& context, const People& people);

}  // namespace resident
