// All notifications of Launchpad's bug tracker that an archive has, bug by bug. Where a bug affects several projects or
// packages, the one that most bugs of the archive are of decides whether it is open; without such a one a bug is open
// as long as it is in any.
#pragma once

#include <map>
#include <sources/forge/bug_story.hpp>
#include <sources/mail/bugs/launchpad_mail.hpp>
#include <string>
#include <unordered_set>
#include <vector>

namespace resident::mail {

using trackers::Act;
using trackers::BugStory;

class LaunchpadLog {
 public:
  void take(LaunchpadMail&& mail);
  // In order of their numbers. Once.
  std::vector<ItemRecord> bugs();
  // What the archive lacks, in a sentence; after bugs().
  std::string coverage() const;

 private:
  struct State;
  std::string main_target() const;
  void open(const LaunchpadMail& first, State& state) const;
  void play(const LaunchpadMail& mail, State& state) const;
  void change(const LaunchpadChange& change, const Act& act, State& state) const;
  void set(const std::string& target, const std::string& field, const std::string& value, const Act& act,
           State& state) const;
  void settle(const Act& act, State& state) const;
  bool counts(const std::string& target) const { return main_.empty() || target == main_; }

  std::map<std::int64_t, std::vector<LaunchpadMail>> mails_;
  std::unordered_set<std::string> seen_;
  std::string main_;
  long long undated_ = 0;  // bugs
};

}  // namespace resident::mail
