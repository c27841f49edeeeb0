// How well each person still knows each file: what they committed to it, halved for
// every half-life since, after the degree of knowledge of T. Fritz et al. ("A
// degree-of-knowledge model to capture source code familiarity", ICSE 2010). Theirs
// was fitted to what developers said of their own code, with the reading that an
// editor sees; a history has commits alone, so the weights here are our own.
#pragma once

#include <map>
#include <model/lines.hpp>
#include <optional>
#include <string>
#include <vector>

namespace resident {

inline constexpr double kKnowerShare = 0.1;   // who has less of a file's knowledge does not count as knowing it
inline constexpr double kAuthorShare = 0.75;  // of what the best knows: Avelino et al.'s threshold

struct Known {
  std::int64_t person = 0;
  double points = 0;
  std::int64_t commits = 0;
  Timestamp last = 0;
};

struct KnownFile {
  std::int64_t path_id = 0;
  std::vector<Known> people;  // who knows it best first; no bots
  double points = 0;          // of all people
  std::optional<std::int64_t> lines;
  Timestamp last_change = 0;
  bool at_risk = false;  // it has knowers, and all are gone
  double share(const Known& known) const { return known.points / points; }
};

// The files that stand as of the moment and are asked for, by path. `only`: no others, and not their lines.
struct FileKnowledge {
  explicit FileKnowledge(const Context& its_context) : FileKnowledge(its_context, load_people(its_context), nullptr) {}
  FileKnowledge(const Context& its_context, People its_people, const std::vector<std::int64_t>* only);
  FileKnowledge(const FileKnowledge&) = delete;  // its parts refer to each other
  const Context& context;
  People people;
  ModuleMap map;
  PathFilter filter;
  Presence presence;
  std::int64_t half_life;  // days
  std::map<std::int64_t, KnownFile> files;
  std::int64_t commits = 0;   // to files, by people
  std::string lines_missing;  // "": the lines of each file are known
};

// How many active people would have to leave for more than half of the files to have
// no author: G. Avelino et al., "A Novel Approach for Estimating Truck Factors", ICPC
// 2016, its greedy search and threshold with this knowledge for authorship. Who is
// gone has left already, so that 0 says that it has come to that.
std::int64_t truck_factor(const std::vector<const KnownFile*>& files, const Presence& presence);

}  // namespace resident
