// What the forge fails at whenever it is asked for it (a 502 for that alone, while it
// answers all else): items, and places of lists. They are set aside with the reason, for
// `resident doctor`, so that the rest goes on, and are remembered, also by a run that is
// killed: items here, to be tried again by the next sync; places by the lists' own cursors,
// which stay in front of them. What was read is out of quarantine.
#pragma once

#include <set>
#include <store/writer.hpp>
#include <string>
#include <vector>

namespace resident::github {

inline constexpr std::size_t kMostPlaces = 50;  // of one list

// A place of a list at which the forge fails.
struct Gap {
  std::int64_t place = 0;  // 1 is the first
  std::string reason;
  bool is_rest = false;  // all from there on
};

class SetAside {
 public:
  explicit SetAside(Writer& writer);
  // Of earlier runs, to be tried again.
  const std::set<std::int64_t>& waiting() const { return waiting_; }
  // In this run: not worth asking again.
  bool has(std::int64_t number) const { return now_.contains(number); }
  void add(std::int64_t number, const std::string& reason);
  // The item was read.
  void read(std::int64_t number);
  // All that were waiting have been tried.
  void tried();
  // The list was walked to its end, past these. list: as people call it ("open issues").
  void places(const std::string& list, const std::vector<Gap>& gaps);
  // For a person; empty where nothing is.
  std::string sentence() const;

 private:
  void keep();

  Writer& writer_;
  std::set<std::int64_t> waiting_, now_;
  std::set<std::string> places_;
};

}  // namespace resident::github
