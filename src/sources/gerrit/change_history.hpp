// What happened to a change, replayed from its patch sets and messages in order: pushes, votes and what became of them,
// states, labels. A part of gerrit_objects.cpp of its own: no JSON comes in here.
#pragma once

#include <map>
#include <set>
#include <sources/gerrit/gerrit_objects.hpp>
#include <string>
#include <vector>

namespace resident::gerrit {

struct PatchSet {
  std::int64_t number = 0;
  std::string sha, kind;
  Timestamp created_at = 0;
  PersonRecord uploader;
};

struct ChangeMessage {
  std::string id, tag, text;  // text: with people's names in place of their numbers
  Timestamp at = 0;
  PersonRecord author;
  std::int64_t patch_set = 0;
  std::string raw;  // the text as it came
};

struct Remark {
  std::string id, message_id, reply_to, path, text;
  Timestamp at = 0;
  PersonRecord author;
  std::int64_t patch_set = 0;
  std::optional<std::int64_t> line;
  bool is_unresolved = false;
};

struct CurrentVote {
  std::int64_t account = 0;
  LabelVote vote;
  std::optional<Timestamp> at;
};

struct ChangeFacts {
  ItemRecord item;  // with all that the change itself says: state, author, moments, labels that have no history
  std::map<std::int64_t, PatchSet> patch_sets;
  std::vector<ChangeMessage> messages;  // in order of time
  std::vector<Remark> remarks;          // in order of time
  std::vector<CurrentVote> votes;       // that stand
  bool are_votes_told = false;          // where the answer has them
  std::map<std::int64_t, PersonRecord> people;
  std::string topic;
  std::vector<std::string> hashtags;
  bool is_private = false;
  std::string status;  // as Gerrit says: NEW, MERGED, ABANDONED, STAGED …
  std::optional<Timestamp> submitted_at;
  PersonRecord submitter;
};

// The item with its events, reviews, comments and labels, and the runs.
ChangeAnswer replay(ChangeFacts facts, const Settings& settings);

}  // namespace resident::gerrit
