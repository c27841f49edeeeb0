// Issues and pull requests as planned: a topic, a list of events with seeds for
// their texts, and for pull requests the pushes to come. Small, because everything
// that is open is held until it is closed or the project's data end; the texts are
// made when the item is written out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "simulate/people.hpp"
#include "simulate/source_tree.hpp"
#include "simulate/text.hpp"

namespace resident::simulation {

enum class EventKind : std::uint8_t {
  commented,
  approved,
  changes_requested,
  reviewed,
  committed,
  force_pushed,
  labeled,
  unlabeled,
  milestoned,
  assigned,
  review_requested,
  closed,
  reopened,
  merged,
  ready_for_review,
  renamed,
  cross_referenced,
};

struct Event {
  Timestamp at = 0;
  EventKind kind = EventKind::commented;
  Comment comment = Comment::answer;
  std::uint8_t inline_comments = 0;
  PersonId actor = kNobody;
  std::int32_t reference = 0;  // label, person, push or item, by kind
  std::uint64_t seed = 0;
};

// Names of labels (and milestones), each once.
class Names {
 public:
  std::int32_t id(const std::string& name) {
    const auto [place, added] = ids_.try_emplace(name, static_cast<std::int32_t>(names_.size()));
    if (added) names_.push_back(name);
    return place->second;
  }
  const std::string& operator[](std::int32_t id) const { return names_[static_cast<std::size_t>(id)]; }
  const std::vector<std::string>& all() const { return names_; }

 private:
  std::map<std::string, std::int32_t> ids_;
  std::vector<std::string> names_;
};

struct Item {
  std::int64_t number = 0;
  std::uint64_t seed = 0;
  PersonId author = kNobody;
  Timestamp created = 0;
  Topic topic;
  Standing standing = Standing::newcomer;  // of the author, when opened
  bool first_time = false;
  bool contributed = false;  // the author had something merged before
  std::vector<Event> events;
  std::optional<Timestamp> closed;
  std::optional<Timestamp> first_response;  // by a human other than the author
  std::int32_t milestone = -1;

  void add(Timestamp at, EventKind kind, PersonId actor, std::int32_t reference = 0) {
    events.push_back({at, kind, Comment::answer, 0, actor, reference, 0});
  }
  void say(Timestamp at, PersonId actor, Comment comment, Random& random, std::int32_t reference = 0) {
    events.push_back({at, EventKind::commented, comment, 0, actor, reference, random.next()});
  }
};

struct Issue : Item {
  IssueType type = IssueType::bug;
  bool completed = true;  // reason of the closing
  bool wanted = false;    // a pull request would be welcome
  Timestamp wanted_since = 0;
  std::int64_t fixing_pull = 0;  // one that is open
  std::string closing_commit;
};

struct Push {
  Timestamp at = 0;
  bool forced = false;
  std::vector<Edit> edits;
  std::int16_t broken_test = -1;  // a test that this push breaks
  std::string id;                 // of the commit, once made
};

struct TouchedFile {
  std::string path;
  LineCount lines;
};

// A pull request's branch in the repository.
struct Branch {
  std::int64_t tip = 0;
  std::map<std::uint32_t, SourceFile> files;
  std::vector<SourceFile> created;
};

struct Pull : Item {
  PullType type = PullType::fix;
  std::int64_t fixes = 0;
  bool large = false, draft = false, merge_commit = false, material = true, backport_wanted = false, ci_waits = false;
  PersonId co_author = kNobody;
  std::vector<Push> pushes;
  std::size_t pushed = 0;  // of them made
  std::optional<Timestamp> merged;
  PersonId merged_by = kNobody;
  std::string base = "main", head_id, merge_id;
  // Of a backport: what it takes over.
  std::int64_t original = 0;
  std::string original_id, original_title;
  std::vector<TouchedFile> touched;
  Branch branch;
};

std::string title_of(const Issue& issue);
std::string title_of(const Pull& pull);
std::string original_title_of(const Pull& pull);  // before it was renamed

}  // namespace resident::simulation
