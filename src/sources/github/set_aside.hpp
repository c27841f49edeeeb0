// Items at which the forge fails whenever it is asked for them (a 502 for one alone, while
// it answers all else). They are set aside with the reason, for `resident doctor`, so that
// the rest goes on, and are remembered, also by a run that is killed: the next sync tries
// them again. One that was read is out of quarantine.
#pragma once

#include <set>
#include <store/writer.hpp>
#include <string>

namespace resident::github {

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
  // For a person; empty where nothing is.
  std::string sentence() const;

 private:
  void keep();

  Writer& writer_;
  std::set<std::int64_t> waiting_, now_;
};

}  // namespace resident::github
