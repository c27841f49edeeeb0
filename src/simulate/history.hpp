// The history of the source: main, maintenance branches and the branches of pull
// requests, as commits of the repository. All calls must come in order of time.
//
// Pull requests that are not material (large simulations keep only a share of them
// in the repository) get made-up ids and estimated sizes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "simulate/items.hpp"
#include "simulate/people.hpp"
#include "simulate/repository.hpp"
#include "simulate/source_tree.hpp"

namespace resident::simulation {

class History {
 public:
  History(std::uint64_t seed, const People& people, Repository& repository);

  const SourceTree& tree() const { return tree_; }
  const std::string& main_id() const { return main_.id; }

  void import_source(Timestamp at);
  // The next push of the pull request.
  void push(Pull& pull);
  void merge(Pull& pull);
  // Whether the edits of a pull request could be made to the maintenance branch.
  bool has_branch(const std::string& version) const { return maintenance_.contains(version); }
  // A commit straight to main; its id.
  std::string repair(const std::string& message, PersonId author, Timestamp at, const std::string& test_path,
                     std::uint64_t seed);
  // The release of a new minor version: tag, maintenance branch, mailmap.
  void release(const std::string& version, PersonId manager, Timestamp at);
  void point_release(const std::string& version, PersonId manager, Timestamp at);
  // Versions whose maintenance has ended take no backports.
  void retire(const std::string& version) { maintenance_.erase(version); }
  // Addresses that the repository's mailmap joins, once per person.
  const std::vector<PersonId>& in_mailmap() const { return in_mailmap_; }

 private:
  struct Line {
    SourceTree tree;
    Commit tip;
    int point = 0;
  };
  void push_backport(Pull& pull);
  void estimate(Pull& pull, const Push& push);
  static void touch(Pull& pull, const std::string& path, LineCount lines);
  void apply_to_branch(Pull& pull, const std::vector<Edit>& edits,
                       std::map<std::string, std::optional<std::string>>& changed);
  std::vector<FileChange> apply_to_tree(SourceTree& tree, const Pull& pull);
  std::string merge_message(const Pull& pull) const;
  void note_author(PersonId person);
  std::string mailmap();

  std::uint64_t seed_;
  const People& people_;
  Repository& repository_;
  SourceTree tree_;
  Commit main_;
  std::map<std::string, Line> maintenance_;
  std::vector<PersonId> new_authors_, in_mailmap_;
  std::vector<bool> authored_;
};

}  // namespace resident::simulation
