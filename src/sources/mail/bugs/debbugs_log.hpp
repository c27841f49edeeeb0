// All mails of a debbugs that an archive has, played in order of time: what became of each bug. What the commands mean
// is what debbugs' own code does with them (lib/Debbugs/Control.pm): merged bugs stand and fall together, a version
// that is found again reopens, a bug that is given to another package loses its versions.
#pragma once

#include <map>
#include <set>
#include <sources/forge/bug_story.hpp>
#include <sources/mail/bugs/debbugs_mail.hpp>
#include <string>
#include <unordered_set>
#include <vector>

namespace resident::mail {

using trackers::Act;
using trackers::BugStory;

class DebbugsLog {
 public:
  // file_bug: of whose log the mail stands in, 0 where the file is no log of one bug.
  void take(DebbugsMail&& mail, std::int64_t file_bug);
  bool is_empty() const { return entries_.empty(); }
  // The bugs of which there is a mail, or the copy of such a bug; in order of their numbers. Once.
  std::vector<ItemRecord> bugs();
  // What the archive lacks, in a sentence; after bugs().
  std::string coverage() const;

 private:
  struct Entry {
    DebbugsMail mail;
    std::int64_t file_bug;
  };
  void play(const Entry& entry);
  void open(std::int64_t number, const DebbugsMail& mail);
  void begin_late(std::int64_t number, const DebbugsMail& mail);
  void run_commands(const DebbugsMail& mail, std::int64_t bug);
  void run(const BugCommand& command, const Act& act);
  void run_versions(const BugCommand& command, const Act& act);
  void run_labels(const BugCommand& command, const Act& act);
  void close(std::int64_t bug, const std::string& version, const Act& act);
  void reopen(std::int64_t bug, const Act& act);
  void found_again(std::int64_t bug, const std::string& version, const Act& act);
  void merge(const BugCommand& command, const Act& act);
  void unmerge(std::int64_t bug, const Act& act);
  void clone(std::int64_t bug, std::int64_t number, const Act& act);
  void forward(std::int64_t bug, const std::string& where, const Act& act);
  void relate(std::int64_t bug, const std::string& what, std::int64_t other, bool is_new, const Act& act);
  bool may_merge(const std::set<std::int64_t>& bugs) const;
  BugStory* find(std::int64_t bug);
  // The bug, and those that are merged with it; the first that counts.
  std::set<std::int64_t> together(std::int64_t bug) const;
  std::int64_t master(std::int64_t bug) const;

  std::vector<Entry> entries_;
  std::unordered_set<std::string> seen_, answered_;  // mails; those whose commands the system answered
  std::map<std::int64_t, BugStory> stories_;
  std::map<std::int64_t, std::set<std::int64_t>> merged_;  // by the bug that counts
  std::map<std::int64_t, std::int64_t> master_;
  std::map<std::int64_t, std::string> forwarded_;
  std::set<std::int64_t> unknown_;
  long long nameless_ = 0, late_ = 0;  // mails; bugs
  std::string host_;
};

}  // namespace resident::mail
