// What people write: titles, descriptions, comments and commit messages, made from
// a topic (what is wrong, where) and a seed (in which words). Two texts on one
// topic with different seeds are what duplicates are in reality: the same matter
// in other words. Texts are not kept but made again when they are written out.
#pragma once

#include <cstdint>
#include <string>

#include "simulate/random.hpp"

namespace resident::simulation {

enum class IssueType : std::uint8_t { bug, feature, question, documentation };
enum class PullType : std::uint8_t { fix, feature, documentation, refactoring, test, dependency, backport };

// What an item is about; the numbers index the vocabulary.
struct Topic {
  std::uint8_t module = 0, noun = 0, other = 0, verb = 0, symptom = 0, error = 0, condition = 0, platform = 0;
  std::uint8_t minor = 0;  // version 1.minor
};

Topic make_topic(std::uint8_t module, int minor, Random& random);
std::string function_name(const Topic& topic);

std::string issue_title(const Topic& topic, IssueType type, std::uint64_t seed);
std::string issue_body(const Topic& topic, IssueType type, std::uint64_t seed);
std::string pull_title(const Topic& topic, PullType type, std::uint64_t seed);
// fixes 0: no issue.
std::string pull_body(const Topic& topic, PullType type, std::int64_t fixes, bool first_time, std::uint64_t seed);
// The message of one commit on a pull request's branch.
std::string work_message(const Topic& topic, bool first, std::uint64_t seed);

enum class Comment : std::uint8_t {
  answer,
  ask_information,
  give_information,
  confirm,
  duplicate,
  ping,
  thanks,
  addressed,
  question,
  explain,
  decline,
  close_stale,
  me_too,
  discuss,
  backport_started,
  reopen,
  close_pull,
  fixed,
  withdraw,
  ci_failure,
  review_approve,
  review_change,
  review_note,
  inline_note,
  inline_reply,
  wrong_place,
  superseded,
  welcome,
};

std::string comment_text(Comment kind, const Topic& topic, std::int64_t reference, std::uint64_t seed);

}  // namespace resident::simulation
